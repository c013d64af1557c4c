// Applies what the reader prefers before the first paint; prefs.rs keeps it under the same names.
(() => {
  const root = document.documentElement;
  const kept = (name) => {
    try {
      return localStorage.getItem(name);
    } catch {
      return null; // Storage may be forbidden.
    }
  };
  const theme = kept("theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  root.dataset.nav = kept("nav") ?? (innerWidth < 1400 ? "collapsed" : "open");
  // The sign-in page has no frame to stand in for.
  if (location.pathname.startsWith("/sign-in")) root.dataset.bare = "";
})();
