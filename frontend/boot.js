// Starts the page. The markup in index.html stands in its place until then.
import init from "{{js}}";

init({ module_or_path: "{{wasm}}" }).catch((error) => {
  document.querySelector(".boot")?.remove();
  const notice = document.querySelector(".boot-failed");
  if (notice) notice.hidden = false;
  throw error;
});
