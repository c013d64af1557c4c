//! Stopping: told once, to everything that would otherwise go on.

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// Waits for the server to stop. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Stop(watch::Receiver<bool>);

/// Tells it.
#[derive(Debug)]
pub struct Stopper(watch::Sender<bool>);

impl Stopper {
    /// Says that the server stops.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

/// Who tells, and who waits.
pub fn pair() -> (Stopper, Stop) {
    let (sender, receiver) = watch::channel(false);
    (Stopper(sender), Stop(receiver))
}

/// Stops on Ctrl-C and on SIGTERM, which container runtimes send.
pub fn on_signal() -> Stop {
    let (stopper, stop) = pair();
    tokio::spawn(async move {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            () = terminated() => {}
        }
        stopper.stop();
    });
    stop
}

async fn terminated() {
    match signal(SignalKind::terminate()) {
        Ok(mut signal) => _ = signal.recv().await,
        Err(_) => std::future::pending().await,
    }
}

impl Stop {
    /// Returns when the server stops.
    pub async fn wait(mut self) {
        if self.0.wait_for(|stopped| *stopped).await.is_err() {
            // Nobody is left who could tell.
            std::future::pending().await
        }
    }
}
