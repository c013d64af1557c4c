//! A real Chromium that looks at a real server.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, bail, ensure};
use chromiumoxide::cdp::IntoEventKind;
use chromiumoxide::cdp::browser_protocol::emulation::{MediaFeature, SetDeviceMetricsOverrideParams};
use chromiumoxide::cdp::browser_protocol::log::EventEntryAdded;
use chromiumoxide::cdp::js_protocol::runtime::{ConsoleApiCalledType, EventConsoleApiCalled, EventExceptionThrown};
use chromiumoxide::layout::Point;
use chromiumoxide::page::ScreenshotParams;
use chromiumoxide::{Browser, BrowserConfig, Page};
use futures::StreamExt;
use tempfile::TempDir;
use tokio::net::TcpListener;

use crate::app::App;

/// A browser; its profile goes with it.
pub struct Chromium {
    browser: Browser,
    _profile: TempDir,
}

/// A page, and what went wrong on it.
pub struct Tab {
    /// The page.
    pub page: Page,
    errors: Arc<Mutex<Vec<String>>>,
    address: SocketAddr,
}

/// How a page is shown.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// Width in CSS pixels.
    pub width: u32,
    /// Height in CSS pixels.
    pub height: u32,
    /// Dark rather than light.
    pub dark: bool,
}

/// What `make shots` photographs and the accessibility test visits.
pub const LOOKS: &[(&str, Look)] = &[
    (
        "light",
        Look {
            width: 1440,
            height: 1000,
            dark: false,
        },
    ),
    (
        "dark",
        Look {
            width: 1440,
            height: 1000,
            dark: true,
        },
    ),
    (
        "phone",
        Look {
            width: 390,
            height: 844,
            dark: false,
        },
    ),
];

/// Serves the app on a free port for as long as the runtime lives.
///
/// # Errors
/// No port is free.
pub async fn serve(app: &App) -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let router = app.router.clone();
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}

impl Chromium {
    /// Starts it.
    ///
    /// # Errors
    /// There is none, or it does not start.
    pub async fn start() -> anyhow::Result<Self> {
        let profile = tempfile::tempdir()?;
        let executable = [
            "/usr/bin/chromium",
            "/usr/bin/chromium-browser",
            "/usr/bin/google-chrome",
        ]
        .into_iter()
        .find(|path| Path::new(path).exists())
        .context("there is no Chromium: run scripts/setup.sh test")?;
        let config = BrowserConfig::builder()
            .chrome_executable(executable)
            .user_data_dir(profile.path())
            .no_sandbox()
            .args([
                "disable-gpu",
                "disable-quic",
                "no-first-run",
                "disable-background-networking",
            ])
            .args(["disable-component-update", "disable-sync", "hide-scrollbars"])
            .build()
            .map_err(anyhow::Error::msg)?;
        let (browser, mut handler) = Browser::launch(config).await?;
        tokio::spawn(async move { while handler.next().await.is_some() {} });
        Ok(Self {
            browser,
            _profile: profile,
        })
    }

    /// Opens an empty page that will visit the server at `address`, and listens for its errors.
    ///
    /// # Errors
    /// The browser does not answer.
    pub async fn tab(&self, address: SocketAddr) -> anyhow::Result<Tab> {
        let page = self.browser.new_page("about:blank").await?;
        page.enable_log().await?;
        page.enable_runtime().await?;
        let errors = Arc::new(Mutex::new(Vec::new()));
        let list = errors.clone();
        let keep = move |text: String| list.lock().unwrap_or_else(PoisonError::into_inner).push(text);
        listen(&page, keep.clone(), |event: &EventExceptionThrown| {
            Some(format!("{:?}", event.exception_details))
        })
        .await?;
        listen(&page, keep.clone(), |event: &EventConsoleApiCalled| {
            let is_error = matches!(event.r#type, ConsoleApiCalledType::Error | ConsoleApiCalledType::Assert);
            is_error.then(|| format!("{:?}", event.args))
        })
        .await?;
        listen(&page, keep, |event: &EventEntryAdded| {
            let entry = &event.entry;
            let is_error = entry.level.as_ref() == "error";
            is_error.then(|| format!("{} {}", entry.text, entry.url.as_deref().unwrap_or_default()))
        })
        .await?;
        Ok(Tab { page, errors, address })
    }
}

/// Keeps what `error` makes of each event of a page.
async fn listen<E: IntoEventKind + Send + Sync + Unpin + 'static>(
    page: &Page,
    keep: impl Fn(String) + Send + 'static,
    error: fn(&E) -> Option<String>,
) -> anyhow::Result<()> {
    let mut events = page.event_listener::<E>().await?;
    tokio::spawn(async move {
        while let Some(event) = events.next().await {
            if let Some(text) = error(&event) {
                keep(text);
            }
        }
    });
    Ok(())
}

impl Tab {
    /// Sets size and theme.
    ///
    /// # Errors
    /// The browser does not answer.
    pub async fn look(&self, look: Look) -> anyhow::Result<()> {
        let Look { width, height, dark } = look;
        let metrics = SetDeviceMetricsOverrideParams::builder();
        let metrics = metrics
            .width(width)
            .height(height)
            .device_scale_factor(1.0)
            .mobile(width < 600)
            .build();
        self.page.execute(metrics.map_err(anyhow::Error::msg)?).await?;
        let theme = MediaFeature::new("prefers-color-scheme", if dark { "dark" } else { "light" });
        let still = MediaFeature::new("prefers-reduced-motion", "reduce");
        self.page.emulate_media_features(vec![theme, still]).await?;
        Ok(())
    }

    /// Goes to a path and waits until the page has what it asked for.
    ///
    /// # Errors
    /// It does not settle within twenty seconds.
    pub async fn goto(&self, path: &str) -> anyhow::Result<()> {
        self.page.goto(format!("http://{}{path}", self.address)).await?;
        self.settled().await
    }

    /// Waits until the page shows a heading and nothing on it is loading.
    ///
    /// # Errors
    /// It does not settle within twenty seconds.
    pub async fn settled(&self) -> anyhow::Result<()> {
        self.wait_for("document.querySelector('h1') && !document.querySelector('[aria-busy=true]')")
            .await
    }

    /// Waits until an expression is true.
    ///
    /// # Errors
    /// It is not within twenty seconds.
    pub async fn wait_for(&self, condition: &str) -> anyhow::Result<()> {
        let script = format!(
            "new Promise(done => {{
                const end = performance.now() + 20000;
                const look = () => {{
                    if ({condition}) done('');
                    else if (performance.now() > end) done('waited too long: ' + document.body.innerText.slice(0, 500));
                    else setTimeout(look, 16);
                }};
                look();
            }})"
        );
        match self.eval(&script).await?.as_str() {
            Some("") => Ok(()),
            other => bail!("{condition}: {other:?}; errors: {:?}", self.errors()),
        }
    }

    /// Evaluates JavaScript; promises are awaited.
    ///
    /// # Errors
    /// It throws, or its value is no JSON.
    pub async fn eval(&self, script: &str) -> anyhow::Result<serde_json::Value> {
        let result = self.page.evaluate(script).await.with_context(|| script.to_owned())?;
        Ok(result.value().cloned().unwrap_or_default())
    }

    /// Clicks the first element that matches, with the pointer, as a person would.
    ///
    /// # Errors
    /// There is none, or something else lies over it.
    pub async fn click(&self, selector: &str) -> anyhow::Result<()> {
        self.wait_for(&format!("document.querySelector({selector:?})")).await?;
        let element = self.page.find_element(selector).await?;
        element.scroll_into_view().await?;
        let Point { x, y } = element.clickable_point().await?;
        let reached = format!("document.querySelector({selector:?}).contains(document.elementFromPoint({x}, {y}))");
        ensure!(self.eval(&reached).await? == true, "something lies over {selector}");
        self.page.click(Point { x, y }).await?;
        Ok(())
    }

    /// Types into the first element that matches.
    ///
    /// # Errors
    /// There is none.
    pub async fn enter(&self, selector: &str, text: &str) -> anyhow::Result<()> {
        self.wait_for(&format!("document.querySelector({selector:?})")).await?;
        self.page
            .find_element(selector)
            .await?
            .click()
            .await?
            .type_str(text)
            .await?;
        Ok(())
    }

    /// Presses a key where the focus is.
    ///
    /// # Errors
    /// There is no such key.
    pub async fn press(&self, key: &str) -> anyhow::Result<()> {
        self.page.find_element("body").await?.press_key(key).await?;
        Ok(())
    }

    /// Signs in with a one-time link's path, and sets a password where the page asks for one.
    ///
    /// # Errors
    /// The page does not let in.
    pub async fn sign_in(&self, link: &str, password: &str) -> anyhow::Result<()> {
        self.page.goto(format!("http://{}{link}", self.address)).await?;
        self.enter("input[type=password]", password).await?;
        self.click("form button.primary").await?;
        self.wait_for("!location.pathname.startsWith('/sign-in')").await?;
        self.settled().await
    }

    /// What axe-core finds, one line for each violation.
    ///
    /// # Errors
    /// It does not run.
    pub async fn axe(&self) -> anyhow::Result<Vec<String>> {
        let source = std::fs::read_to_string(root().join("node_modules/axe-core/axe.min.js"));
        // Evaluated from outside the page, so that the page's own policy against foreign scripts stays in force.
        self.page
            .evaluate(
                source
                    .context("axe-core is missing: run scripts/setup.sh test")?
                    .as_str(),
            )
            .await?;
        let found = self
            .eval("axe.run().then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' | ').slice(0, 600)))")
            .await?;
        Ok(serde_json::from_value(found)?)
    }

    /// A screenshot of the whole page, as PNG.
    ///
    /// # Errors
    /// The file can't be written.
    pub async fn shoot(&self, file: &Path) -> anyhow::Result<()> {
        let params = ScreenshotParams::builder().full_page(true).build();
        self.page.save_screenshot(params, file).await?;
        Ok(())
    }

    /// What went wrong on the page so far.
    pub fn errors(&self) -> Vec<String> {
        self.errors.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The folder of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map(Path::to_owned)
        .unwrap_or_default()
}
