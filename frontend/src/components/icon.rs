//! Icons: symbols of one sprite.

use leptos::prelude::*;

const SYMBOLS: &str = include_str!("icons.svg");

/// Every icon, by the symbol that draws it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Icon {
    Access,
    Admission,
    Alert,
    Arrow,
    ArrowDown,
    ArrowUp,
    Certificates,
    Check,
    Checks,
    Clock,
    Cluster,
    Collapse,
    Compare,
    Compliance,
    Copy,
    Down,
    Download,
    Findings,
    Left,
    Lock,
    Menu,
    Namespaces,
    Network,
    Overview,
    Past,
    Plus,
    Refresh,
    Right,
    Search,
    Settings,
    Snapshots,
    Theme,
    Workloads,
    X,
}

impl Icon {
    pub(super) fn href(self) -> &'static str {
        match self {
            Self::Access => "#i-access",
            Self::Admission => "#i-admission",
            Self::Alert => "#i-alert",
            Self::Arrow => "#i-arrow",
            Self::ArrowDown => "#i-arrowdown",
            Self::ArrowUp => "#i-arrowup",
            Self::Certificates => "#i-certificates",
            Self::Check => "#i-check",
            Self::Checks => "#i-checks",
            Self::Clock => "#i-clock",
            Self::Cluster => "#i-cluster",
            Self::Collapse => "#i-collapse",
            Self::Compare => "#i-compare",
            Self::Compliance => "#i-compliance",
            Self::Copy => "#i-copy",
            Self::Down => "#i-down",
            Self::Download => "#i-download",
            Self::Findings => "#i-findings",
            Self::Left => "#i-left",
            Self::Lock => "#i-lock",
            Self::Menu => "#i-menu",
            Self::Namespaces => "#i-namespaces",
            Self::Network => "#i-network",
            Self::Overview => "#i-overview",
            Self::Past => "#i-past",
            Self::Plus => "#i-plus",
            Self::Refresh => "#i-refresh",
            Self::Right => "#i-right",
            Self::Search => "#i-search",
            Self::Settings => "#i-settings",
            Self::Snapshots => "#i-snapshots",
            Self::Theme => "#i-theme",
            Self::Workloads => "#i-workloads",
            Self::X => "#i-x",
        }
    }
}

/// An icon beside its word: 16 px.
pub(crate) fn icon(icon: Icon) -> AnyView {
    symbol("icon", icon.href())
}

/// An icon in small text and small buttons: 14 px.
pub(crate) fn icon_small(icon: Icon) -> AnyView {
    symbol("icon s", icon.href())
}

/// A symbol of the sprite, as decoration: its meaning is said in words beside it.
pub(super) fn symbol(class: &'static str, href: &'static str) -> AnyView {
    view! { <svg class=class aria-hidden="true"><use href=href/></svg> }.into_any()
}

/// The sprite; once on the page.
pub(crate) fn sprite() -> AnyView {
    view! { <svg class="sprite" aria-hidden="true" inner_html=SYMBOLS/> }.into_any()
}
