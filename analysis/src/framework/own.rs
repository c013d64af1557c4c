//! Frameworks with the user's own checks among those that answer their controls.

use shared::frameworks::{ControlCheck, Framework, FrameworkControl};

use crate::catalogue::Catalogue;
use crate::custom::CustomCheck;

/// The framework, each of its controls answered also by those of the user's own checks that say so, and those of its area.
pub fn with_own(framework: &Framework, catalogue: &Catalogue) -> Framework {
    let mut framework = framework.clone();
    for control in framework.sections.iter_mut().flat_map(|section| &mut section.controls) {
        let answers = |check: &&CustomCheck| {
            let named = check.controls.get(&framework.id);
            control.area == Some(check.area) || named.is_some_and(|controls| controls.contains(&control.id))
        };
        let added: Vec<&CustomCheck> = catalogue.own().iter().filter(answers).collect();
        added.into_iter().for_each(|check| add(control, check));
    }
    framework
}

/// Adds a check, unless the control names it itself.
fn add(control: &mut FrameworkControl, check: &CustomCheck) {
    if control.checks.iter().all(|named| named.check != check.id) {
        control.checks.push(ControlCheck {
            check: check.id.clone(),
            only: None,
        });
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use shared::compliance::ControlVerdict;

    use super::*;
    use crate::checks::CHECKS;
    use crate::fixture::snapshot;
    use crate::framework::{Evidence, by_id, evaluate, parse_among};
    use crate::{run_all, settings};

    const CHECK: &str = "
id: team-label-missing
title: Namespace without a team
area: least-privilege
severity: low
rationale: Nobody knows whom to ask.
remediation: Set the label.
kinds: [Namespace]
expression: has(object.metadata.labels) && 'team' in object.metadata.labels
frameworks: {soc2: [CC6.1]}
";

    fn catalogue() -> Catalogue {
        Catalogue::parse([("own.yaml", CHECK)]).unwrap()
    }

    #[test]
    fn a_control_is_answered_by_the_check_that_says_so() {
        let catalogue = catalogue();
        let soc2 = by_id("soc2").unwrap();
        let framework = with_own(soc2, &catalogue);
        let named = framework.controls().flat_map(|control| &control.checks);
        assert_eq!(named.filter(|named| named.check == "team-label-missing").count(), 1);
        let practices = with_own(by_id("nine-practices").unwrap(), &catalogue);
        let named = practices.controls().flat_map(|control| &control.checks);
        assert_eq!(named.filter(|named| named.check == "team-label-missing").count(), 1);
    }

    #[test]
    fn a_users_framework_may_name_a_users_check_and_fails_with_it() {
        let text = "
id: ours
name: Ours
title: Our rules
version: \"1\"
sections:
  - {id: a, title: Names, controls: [{id: a-1, title: Each namespace has a team, checks: [team-label-missing]}]}
";
        let framework = parse_among("ours.yaml", text, &catalogue()).unwrap();
        assert!(parse_among("ours.yaml", text, &Catalogue::default()).is_err());
        let snapshot = snapshot("{apiVersion: v1, kind: Namespace, metadata: {name: bare}}");
        let report = run_all(CHECKS, &catalogue(), &snapshot, &settings::NONE, DateTime::UNIX_EPOCH);
        let compliance = evaluate(&with_own(&framework, &catalogue()), &Evidence::from(&report));
        let control = &compliance.sections[0].controls[0];
        assert_eq!((control.verdict, control.failing.len()), (ControlVerdict::Fail, 1));
    }
}
