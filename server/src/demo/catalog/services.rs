//! What the company wrote itself: services, each of one image that several workloads run.

/// A workload of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::demo) enum Part {
    /// The service itself, reached through an ingress.
    Front,
    /// Its API, reached from within.
    Api,
    /// Its API, reached through an ingress.
    Open,
    /// The service itself, reached from within.
    Solo,
    /// Works on a queue.
    Worker,
    /// Reads a stream.
    Events,
    /// Keeps two systems the same.
    Sync,
    /// Its Redis.
    Cache,
    /// Its PostgreSQL.
    Db,
    /// Runs every night.
    Nightly,
    /// Runs every hour.
    Hourly,
}

use Part::{Api, Cache, Db, Events, Front, Hourly, Nightly, Open, Solo, Sync, Worker};

type Services = &'static [(&'static str, &'static [Part])];

/// The services of each namespace.
pub(in crate::demo) const SERVICES: &[(&str, Services)] = &[
    (
        "api-gateway",
        &[
            ("gateway", &[Front, Sync]),
            ("rate-limiter", &[Solo, Cache]),
            ("developer-portal", &[Front, Nightly]),
            ("keys", &[Api, Db, Worker]),
            ("usage", &[Api, Events, Hourly]),
            ("docs", &[Front]),
        ],
    ),
    (
        "batch",
        &[
            ("job-runner", &[Solo, Worker]),
            ("exports", &[Nightly]),
            ("imports", &[Nightly, Hourly]),
            ("cleaner", &[Nightly]),
        ],
    ),
    (
        "cart",
        &[
            ("cart", &[Open, Worker, Events, Cache]),
            ("wishlist", &[Api, Events, Db]),
            ("saved-items", &[Api, Nightly]),
            ("gift-cards", &[Api, Worker, Db]),
            ("bundles", &[Api, Sync]),
            ("cart-merge", &[Worker]),
            ("abandoned", &[Events, Nightly]),
            ("promotions", &[Api, Worker, Cache, Hourly]),
            ("stock-hold", &[Api, Events]),
            ("loyalty", &[Api, Db, Nightly]),
            ("returns-basket", &[Api]),
        ],
    ),
    (
        "catalog",
        &[
            ("catalog", &[Open, Worker, Events, Db, Cache]),
            ("products", &[Api, Sync, Db]),
            ("categories", &[Api, Cache]),
            ("attributes", &[Api, Nightly]),
            ("media", &[Open, Worker, Hourly]),
            ("thumbnails", &[Solo, Worker]),
            ("brands", &[Api]),
            ("suppliers", &[Api, Sync, Db, Nightly]),
            ("stock", &[Api, Events, Cache, Hourly]),
            ("translations", &[Api, Nightly]),
            ("feeds", &[Worker, Nightly, Hourly]),
            ("reviews", &[Open, Worker, Db]),
            ("variants", &[Api, Events]),
            ("bundling", &[Api, Worker, Nightly]),
            ("size-guides", &[Front]),
        ],
    ),
    (
        "checkout",
        &[
            ("checkout", &[Open, Worker, Events, Cache]),
            ("basket", &[Api, Events, Cache]),
            ("vouchers", &[Api, Db, Nightly]),
            ("tax", &[Api, Cache, Nightly]),
            ("addresses", &[Api, Db]),
            ("delivery-options", &[Api, Cache]),
            ("payment-methods", &[Api, Sync]),
            ("express", &[Open, Events]),
            ("guest", &[Api]),
            ("consents", &[Api, Db, Nightly]),
            ("fees", &[Api]),
            ("receipts", &[Worker, Events, Nightly]),
            ("risk-gate", &[Api, Cache]),
            ("split-payments", &[Api, Worker]),
            ("subscriptions", &[Open, Worker, Db, Hourly]),
            ("invoicing", &[Worker, Nightly]),
            ("one-click", &[Open, Cache]),
        ],
    ),
    (
        "data-eng",
        &[
            ("event-lake", &[Solo, Events, Nightly]),
            ("dbt", &[Nightly]),
            ("quality", &[Solo, Nightly]),
        ],
    ),
    (
        "email",
        &[
            ("campaigns", &[Open, Worker, Db]),
            ("templates", &[Api]),
            ("mailer", &[Worker, Events, Cache]),
        ],
    ),
    (
        "fraud",
        &[
            ("scorer", &[Solo, Events, Cache]),
            ("rules", &[Api, Db, Sync]),
            ("cases", &[Front, Worker, Db]),
            ("devices", &[Api, Events, Cache]),
            ("velocity", &[Api, Cache]),
            ("chargebacks", &[Worker, Nightly, Db]),
            ("watchlists", &[Api, Sync, Nightly]),
            ("features", &[Events, Hourly]),
            ("training", &[Nightly]),
        ],
    ),
    (
        "identity",
        &[
            ("login", &[Front, Cache]),
            ("accounts", &[Api, Worker, Db, Nightly]),
            ("sessions", &[Api, Cache, Hourly]),
            ("tokens", &[Api, Sync]),
            ("profiles", &[Open, Events, Db]),
            ("consent", &[Api, Db]),
            ("mfa", &[Api, Worker]),
            ("passkeys", &[Api]),
            ("directory", &[Api, Sync, Nightly]),
            ("social-login", &[Open]),
            ("audit-trail", &[Events, Db, Nightly]),
            ("privacy", &[Worker, Nightly]),
            ("invitations", &[Api, Worker]),
            ("permissions", &[Api, Cache]),
        ],
    ),
    (
        "ledger",
        &[
            ("ledger", &[Api, Worker, Events, Db]),
            ("postings", &[Api, Events]),
            ("balances", &[Api, Cache, Hourly]),
            ("reconciliation", &[Worker, Nightly, Db]),
            ("payouts", &[Api, Worker, Db, Nightly]),
            ("fx", &[Api, Sync, Cache]),
            ("bank-files", &[Worker, Nightly]),
            ("closing", &[Nightly]),
            ("statements", &[Api, Nightly]),
            ("accruals", &[Events, Nightly]),
            ("vat", &[Api, Nightly]),
            ("journal", &[Api, Db]),
        ],
    ),
    (
        "legacy-crm",
        &[("crm-web", &[Front]), ("crm-batch", &[Nightly]), ("crm-soap", &[Solo])],
    ),
    (
        "ml-serving",
        &[
            ("ranker", &[Api, Sync]),
            ("embedder", &[Api]),
            ("model-store", &[Solo, Nightly]),
        ],
    ),
    (
        "notifications",
        &[
            ("notifier", &[Api, Worker, Events, Cache]),
            ("push", &[Worker, Events, Db]),
            ("sms", &[Worker, Sync]),
            ("inbox", &[Open, Events, Db]),
            ("preferences", &[Api, Cache, Db]),
            ("webhooks", &[Worker, Events, Hourly]),
            ("digests", &[Nightly]),
            ("in-app", &[Api, Events]),
            ("unsubscribe", &[Front]),
            ("templates", &[Api, Nightly]),
            ("suppressions", &[Api, Sync, Nightly]),
        ],
    ),
    (
        "orders",
        &[
            ("orders", &[Open, Worker, Events, Db, Cache]),
            ("order-history", &[Api, Events, Db]),
            ("order-search", &[Api, Sync]),
            ("fulfilment", &[Api, Worker, Events, Db]),
            ("returns", &[Open, Worker, Db, Nightly]),
            ("refunds", &[Api, Worker, Events]),
            ("invoices", &[Api, Worker, Nightly]),
            ("backorders", &[Worker, Hourly]),
            ("splitter", &[Events]),
            ("promises", &[Api, Cache]),
            ("tracking", &[Open, Events, Cache]),
            ("packing", &[Api, Worker]),
            ("cancellations", &[Api, Events]),
            ("exports", &[Worker, Nightly]),
            ("disputes", &[Api, Db, Nightly]),
            ("gifts", &[Api]),
            ("allocations", &[Api, Events, Cache]),
            ("notes", &[Api, Db]),
            ("sla", &[Worker, Hourly]),
            ("archive", &[Nightly, Sync]),
            ("reservations", &[Api, Events, Db]),
            ("preorders", &[Open, Worker, Cache]),
        ],
    ),
    (
        "partners",
        &[
            ("partner-portal", &[Front, Worker, Db]),
            ("partner-api", &[Open, Cache]),
            ("onboarding", &[Api, Worker]),
            ("sftp", &[Solo]),
            ("feeds", &[Worker, Nightly, Hourly]),
            ("contracts", &[Api, Db]),
        ],
    ),
    (
        "payments",
        &[
            ("payments", &[Open, Worker, Events]),
            ("settlement", &[Solo, Nightly, Db]),
            ("payments-cache", &[Cache]),
            ("card-vault", &[Api, Db]),
            ("wallets", &[Api, Events, Db]),
            ("psp-adapter", &[Api, Sync]),
            ("mandates", &[Api, Nightly, Db]),
            ("three-ds", &[Open, Cache]),
            ("retries", &[Worker, Hourly]),
        ],
    ),
    (
        "pricing",
        &[("pricing", &[Api, Worker, Cache]), ("price-lists", &[Api, Nightly])],
    ),
    (
        "recommend",
        &[
            ("recommend", &[Open, Events, Cache]),
            ("similar-items", &[Api, Nightly]),
            ("trending", &[Api, Hourly]),
            ("candidates", &[Worker, Nightly]),
            ("experiments", &[Api, Db]),
        ],
    ),
    (
        "reports",
        &[("report-gen", &[Solo, Nightly]), ("report-viewer", &[Front])],
    ),
    (
        "search",
        &[
            ("search-core", &[Open, Cache]),
            ("indexer", &[Worker, Events, Nightly]),
            ("suggest", &[Open, Cache, Hourly]),
            ("spelling", &[Api, Nightly]),
            ("synonyms", &[Api, Sync]),
            ("ranking", &[Api, Cache, Nightly]),
            ("facets", &[Api, Cache]),
            ("query-log", &[Events, Db, Nightly]),
            ("visual-search", &[Api, Worker]),
            ("curation", &[Front, Db]),
            ("geo", &[Api, Sync]),
            ("merchandising", &[Front, Worker, Db]),
            ("reindex", &[Worker, Nightly]),
        ],
    ),
    (
        "shipping",
        &[
            ("shipping", &[Open, Worker, Events, Db]),
            ("carriers", &[Api, Sync]),
            ("labels", &[Worker, Events]),
            ("rates", &[Api, Cache, Hourly]),
            ("warehouses", &[Api, Sync, Db]),
            ("customs", &[Worker, Nightly]),
        ],
    ),
    (
        "support-tools",
        &[
            ("helpdesk", &[Front, Db]),
            ("macros", &[Solo]),
            ("impersonate", &[Solo]),
        ],
    ),
    (
        "web",
        &[
            ("storefront", &[Front, Cache]),
            ("bff", &[Solo, Cache]),
            ("cms", &[Front, Db, Worker]),
            ("landing", &[Front]),
            ("blog", &[Front, Nightly]),
            ("help-centre", &[Front, Sync]),
            ("sitemaps", &[Nightly]),
            ("images", &[Open, Worker, Cache]),
            ("ab-tests", &[Api, Events]),
            ("seo", &[Worker, Nightly]),
            ("mobile-bff", &[Open, Cache]),
            ("redirects", &[Solo, Sync]),
            ("status-page", &[Front, Hourly]),
            ("consent-banner", &[Front]),
            ("feature-flags", &[Api, Sync, Db]),
            ("geo-edge", &[Solo]),
            ("assets", &[Solo, Nightly]),
            ("previews", &[Front, Worker]),
            ("forms", &[Api, Events, Db]),
            ("newsletter", &[Open, Worker, Nightly]),
            ("stores", &[Front, Sync]),
            ("tracking-pixel", &[Open, Events]),
            ("personalisation", &[Api, Cache, Events]),
        ],
    ),
];
