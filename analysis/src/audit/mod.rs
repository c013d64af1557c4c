//! What can be seen of the API server's own settings.

pub mod api_server;
