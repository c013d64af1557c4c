//! JUnit XML: a suite for each area, a case for each check, a failure for each finding.

use std::io::{self, Write};

use analysis::catalogue::Named;
use shared::checks::CheckResult;
use shared::verdict::Area;

use super::Scan;

pub(super) fn write(scan: &Scan, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    writeln!(out, r#"<testsuites name="{}">"#, escape(&scan.name))?;
    for area in Area::ALL {
        suite(scan, area, out)?;
    }
    writeln!(out, "</testsuites>")
}

fn suite(scan: &Scan, area: Area, out: &mut dyn Write) -> io::Result<()> {
    let of_area = scan.report.catalogue.all().filter(|check| check.area == area);
    let results = &scan.report.results;
    let cases: Vec<(Named<'_>, &CheckResult)> = of_area
        .filter_map(|check| Some((check, results.iter().find(|result| result.check == check.id)?)))
        .collect();
    let failed = cases.iter().filter(|(_, result)| result.failed > 0).count();
    let skipped = cases.iter().filter(|(_, result)| !result.reason.is_empty()).count();
    let total = cases.len();
    writeln!(
        out,
        r#"  <testsuite name="{}" tests="{total}" failures="{failed}" skipped="{skipped}">"#,
        escape(area.title())
    )?;
    for (check, result) in cases {
        case(scan, check, result, out)?;
    }
    writeln!(out, "  </testsuite>")
}

fn case(scan: &Scan, check: Named<'_>, result: &CheckResult, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        r#"    <testcase classname="{}" name="{}">"#,
        check.area.as_str(),
        escape(check.id)
    )?;
    if !result.reason.is_empty() {
        writeln!(out, r#"      <skipped message="{}"/>"#, escape(&result.reason))?;
    }
    for finding in scan.report.findings.iter().filter(|finding| finding.check == check.id) {
        writeln!(
            out,
            r#"      <failure type="{}" message="{}">{}</failure>"#,
            finding.severity.as_str(),
            escape(&finding.title),
            escape(&format!("{}: {}", finding.object, finding.message)),
        )?;
    }
    writeln!(out, "    </testcase>")
}

/// Escapes text for content and attributes, and drops the control characters that XML 1.0 can't hold.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(character),
            control if control.is_control() => {}
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn text_can_not_break_out_of_an_attribute() {
        assert_eq!(escape("a\"><b>&\u{1}"), "a&quot;&gt;&lt;b&gt;&amp;");
    }
}
