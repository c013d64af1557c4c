//! The images of the demo: which version runs on which day, and what a scanner finds in it.

use super::catalog::platform::NEVER_SCANNED;
use super::clock::LAST_DAY;
use super::rng::{self, Rng};
use super::story::{self, Fact};

/// Where all images come from.
pub(super) const REGISTRY: &str = "registry.example.com";

/// How many days pass between two scans of the same image.
const RESCAN: u32 = 30;

/// An image that one or more workloads run.
#[derive(Debug)]
pub(super) struct Image {
    /// Its repository, below the registry.
    pub(super) repository: String,
    /// Its tag at the start.
    tag: String,
    /// The days on which a newer one replaces it, in order.
    rolls: Vec<u32>,
    /// The days, from and until, on which it carries a critical vulnerability that a newer one lacks.
    vulnerable: Vec<(u32, u32)>,
}

/// What of an image changes from day to day.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Release {
    /// How often it was replaced.
    pub(super) number: u32,
    /// Whether it carries a critical vulnerability that a newer one lacks.
    pub(super) vulnerable: bool,
    /// The day of its last scan; none where it was never scanned.
    pub(super) scanned: Option<u32>,
}

/// Images that carry a critical vulnerability all the time: nobody rebuilds them.
const NEVER_REBUILT: &[&str] = &["ingress-nginx/controller", "reports/report-gen"];

impl Image {
    /// An image that the company builds: it is replaced every few weeks.
    pub(super) fn own(namespace: &str, service: &str) -> Self {
        let repository = format!("{namespace}/{service}");
        let mut rng = Rng::of(&["image", &repository]);
        let tag = match repository.as_str() {
            "legacy-crm/crm-web" => "3.8.2".to_owned(),
            "payments/payments" => "7.2.4".to_owned(),
            _ => format!("{}.{}.{}", 1 + rng.below(8), rng.below(30), rng.below(4)),
        };
        let mut rolls: Vec<u32> = (0..rng.below(3)).map(|_| 1 + rng.below(LAST_DAY)).collect();
        if repository == "legacy-crm/crm-web" {
            rolls = vec![10];
        }
        Self::new(repository, tag, rolls)
    }

    /// An image that others build: it is replaced seldom.
    pub(super) fn foreign(repository: &str, tag: &str) -> Self {
        let mut rng = Rng::of(&["image", repository, tag]);
        let rolls = if rng.below(5) == 0 {
            vec![1 + rng.below(LAST_DAY)]
        } else {
            Vec::new()
        };
        Self::new(repository.to_owned(), tag.to_owned(), rolls)
    }

    fn new(repository: String, tag: String, mut rolls: Vec<u32>) -> Self {
        let vulnerable = vulnerable(&repository);
        rolls.extend(
            vulnerable
                .iter()
                .map(|(_, until)| *until)
                .filter(|until| *until <= LAST_DAY),
        );
        rolls.sort_unstable();
        rolls.dedup();
        Self {
            repository,
            tag,
            rolls,
            vulnerable,
        }
    }

    /// The days on which the pods that run it are replaced.
    pub(super) fn rolls(&self) -> impl Iterator<Item = u32> {
        let back = story::changes(|fact| self.is_rolled_back(fact)).map(|(day, ..)| day);
        self.rolls.iter().copied().chain(back)
    }

    fn is_rolled_back(&self, fact: Fact) -> bool {
        matches!(fact, Fact::RolledBack(repository) if repository == self.repository)
    }

    /// What runs on a day.
    pub(super) fn release(&self, day: u32) -> Release {
        let number = self.rolls.iter().filter(|roll| **roll <= day).count();
        let back = story::changes(|fact| self.is_rolled_back(fact)).any(|(since, _, begins)| begins && since <= day);
        let number = u32::try_from(number)
            .unwrap_or_default()
            .saturating_sub(u32::from(back));
        let vulnerable = self
            .vulnerable
            .iter()
            .any(|(from, until)| (*from..*until).contains(&day));
        Release {
            number,
            vulnerable,
            scanned: self.scanned(day),
        }
    }

    /// The last scan: on a roll, when a vulnerability becomes known, and every so often.
    fn scanned(&self, day: u32) -> Option<u32> {
        if NEVER_SCANNED.contains(&self.repository.as_str()) {
            return None;
        }
        let phase = Rng::of(&["scan", &self.repository]).below(RESCAN);
        let regular = day.saturating_sub((day + phase) % RESCAN);
        let told = self
            .rolls()
            .chain(self.vulnerable.iter().map(|(from, _)| *from))
            .filter(|told| *told <= day);
        told.chain([regular]).max()
    }

    /// The tag of a release: each roll counts the last number up.
    pub(super) fn tag(&self, release: u32) -> String {
        let start = self
            .tag
            .rfind(|c: char| !c.is_ascii_digit())
            .map_or(0, |place| place + 1);
        match self.tag[start..].parse::<u32>() {
            Ok(number) => format!("{}{}", &self.tag[..start], number + release),
            Err(_) => self.tag.clone(),
        }
    }

    /// The digest of a release.
    pub(super) fn digest(&self, release: u32) -> String {
        rng::digest(&[&self.repository, &self.tag, &release.to_string()])
    }
}

fn vulnerable(repository: &str) -> Vec<(u32, u32)> {
    let told: Vec<_> = story::changes(|fact| matches!(fact, Fact::Vulnerable(told) if told == repository)).collect();
    if !told.is_empty() {
        let ends = told.iter().skip(1).map(|(day, ..)| *day).chain([LAST_DAY + 1]);
        let stretches = told.iter().zip(ends).filter(|((.., begins), _)| *begins);
        return stretches.map(|((from, ..), until)| (*from, until)).collect();
    }
    if NEVER_REBUILT.contains(&repository) {
        return vec![(0, LAST_DAY + 1)];
    }
    let mut rng = Rng::of(&["vulnerable", repository]);
    let day = 1 + rng.below(LAST_DAY - 30);
    match rng.below(1000) {
        0..32 => vec![(0, day)],
        32..50 => vec![(day, day + 3 + rng.below(15))],
        _ => Vec::new(),
    }
}

/// A published vulnerability: id, package, installed, fixed in (empty where nothing fixes it), severity.
pub(super) type Vulnerability = (&'static str, &'static str, &'static str, &'static str, &'static str);

/// Critical ones that a newer image lacks.
const CRITICAL: &[Vulnerability] = &[
    (
        "CVE-2021-44228",
        "org.apache.logging.log4j:log4j-core",
        "2.14.1",
        "2.17.1",
        "CRITICAL",
    ),
    (
        "CVE-2022-22965",
        "org.springframework:spring-beans",
        "5.3.17",
        "5.3.18",
        "CRITICAL",
    ),
    (
        "CVE-2022-37434",
        "zlib1g",
        "1:1.2.11.dfsg-2",
        "1:1.2.11.dfsg-2+deb11u2",
        "CRITICAL",
    ),
    (
        "CVE-2022-42889",
        "org.apache.commons:commons-text",
        "1.9",
        "1.10.0",
        "CRITICAL",
    ),
    (
        "CVE-2023-38545",
        "libcurl4",
        "7.74.0-1.3+deb11u9",
        "7.74.0-1.3+deb11u10",
        "CRITICAL",
    ),
    ("CVE-2024-45337", "golang.org/x/crypto", "0.28.0", "0.31.0", "CRITICAL"),
    ("CVE-2024-24790", "stdlib", "1.22.3", "1.22.4", "CRITICAL"),
    ("CVE-2025-1974", "k8s.io/ingress-nginx", "1.11.4", "1.11.5", "CRITICAL"),
];

/// What is found in most images.
const COMMON: &[Vulnerability] = &[
    ("CVE-2023-45853", "zlib1g", "1:1.2.13.dfsg-1", "", "CRITICAL"),
    ("CVE-2024-2961", "libc6", "2.36-9+deb12u4", "2.36-9+deb12u7", "HIGH"),
    ("CVE-2023-44487", "golang.org/x/net", "0.15.0", "0.17.0", "HIGH"),
    ("CVE-2024-26461", "libkrb5-3", "1.20.1-2+deb12u2", "", "HIGH"),
    ("CVE-2023-2953", "libldap-2.5-0", "2.5.13+dfsg-5", "", "HIGH"),
    ("CVE-2024-6345", "setuptools", "68.1.2", "70.0.0", "HIGH"),
    ("CVE-2025-22871", "stdlib", "1.24.1", "1.24.2", "MEDIUM"),
    ("CVE-2024-34155", "stdlib", "1.22.6", "1.22.7", "MEDIUM"),
    ("CVE-2024-22365", "libpam-modules", "1.5.2-6+deb12u1", "", "MEDIUM"),
    ("CVE-2023-50495", "libtinfo6", "6.4-4", "", "MEDIUM"),
    (
        "CVE-2024-0727",
        "libssl3",
        "3.0.11-1~deb12u2",
        "3.0.13-1~deb12u1",
        "MEDIUM",
    ),
    ("CVE-2022-0563", "util-linux", "2.38.1-5+deb12u1", "", "LOW"),
    ("CVE-2011-3374", "apt", "2.6.1", "", "LOW"),
    ("CVE-2019-1010022", "libc6", "2.36-9+deb12u4", "", "LOW"),
];

/// What a scanner finds in a release of an image.
pub(super) fn vulnerabilities(image: &Image, release: &Release) -> Vec<Vulnerability> {
    let mut rng = Rng::of(&["findings", &image.repository, &release.number.to_string()]);
    let mut found: Vec<_> = COMMON.iter().copied().filter(|_| rng.below(100) < 35).collect();
    if release.vulnerable {
        found.extend(critical(&image.repository, &mut rng));
    }
    found
}

fn critical(repository: &str, rng: &mut Rng) -> Option<Vulnerability> {
    let known = |id: &str| CRITICAL.iter().copied().find(|vulnerability| vulnerability.0 == id);
    match repository {
        "legacy-crm/crm-web" => known("CVE-2021-44228"),
        "reports/report-gen" => known("CVE-2022-22965"),
        "ingress-nginx/controller" => known("CVE-2025-1974"),
        // The last is of one product only.
        _ => rng.pick(&CRITICAL[..CRITICAL.len() - 1]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_roll_counts_the_tag_up_and_changes_the_digest() {
        let image = Image::new("a/b".into(), "v1.2.9".into(), vec![10]);
        assert_eq!(image.tag(image.release(9).number), "v1.2.9");
        assert_eq!(image.tag(image.release(10).number), "v1.2.10");
        assert_ne!(image.digest(0), image.digest(1));
    }

    #[test]
    fn a_tag_that_moves_stays() {
        assert_eq!(Image::new("a/b".into(), "latest".into(), vec![1]).tag(1), "latest");
    }

    #[test]
    fn the_image_rolled_back_is_the_one_before() {
        let image = Image::own("legacy-crm", "crm-web");
        assert_eq!(
            [9, 83, 84].map(|day| image.tag(image.release(day).number)),
            ["3.8.2", "3.8.3", "3.8.2"]
        );
    }
}
