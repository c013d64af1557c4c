//! Frameworks.

use shared::compliance::standing::Standing;
use shared::frameworks::PATH;
use shared::page::{At, Page, Stamped};

use super::client::{self, Request};

/// All frameworks, each with how well the cluster meets it; they fit on one page.
pub(crate) fn list(at: At) -> Request<Stamped<Page<Standing>>> {
    client::get_stamped(PATH, &at)
}
