//! The person bound by the order.

use jiff::civil::Date;

use crate::domain::calendar::age_on;
use crate::domain::draft::{CommitmentDraft, GuardianDraft, RespondentDraft};
use crate::domain::identifier;
use crate::domain::order::Sitting;
use crate::domain::people::{
    Abode, Commitment, ForceName, Guardian, Respondent, SexOffenderNotification,
};
use crate::domain::text::Text;
use crate::domain::violation::{Rule, Violation};

use super::Context;
use super::faults::{Faults, step};
use super::people::{address, force, is_territorial};

/// The days against which a respondent's age is held.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ages {
    /// The day of the application.
    pub(super) application: Option<Date>,
    /// The day the order was made.
    pub(super) made: Option<Date>,
}

/// Reads a respondent at this pointer.
pub(super) fn judge(
    at: &str,
    draft: &RespondentDraft,
    ages: Ages,
    context: &Context<'_>,
    faults: &mut Faults,
) -> Option<Respondent> {
    let names = names(at, draft, context, faults);
    let date_of_birth = date_of_birth(at, draft.date_of_birth, ages, context, faults);
    let abode = abode(at, draft, faults);
    let police_area = draft.police_area.as_deref();
    let police_area = police_area.and_then(|code| police_area_of(at, code, context, faults));
    let pnc_id = pnc_id(&step(at, "pnc_id"), draft.pnc_id.as_deref(), faults);
    let guardian = guardian(&step(at, "guardian"), draft, ages, context, faults);
    let commitments = commitments(&step(at, "commitments"), &draft.commitments, faults);
    let notification = draft.sex_offender_notification;
    let names = names?;
    Some(Respondent {
        title: names.title,
        given_names: names.given_names,
        family_name: names.family_name,
        aliases: names.aliases,
        date_of_birth: date_of_birth?,
        abode: abode?,
        police_area,
        pnc_id,
        guardian,
        commitments,
        sex_offender_notification: notification.map(|until| SexOffenderNotification { until }),
    })
}

/// The words by which the respondent is called.
pub(super) fn names_of(draft: &RespondentDraft) -> Vec<&str> {
    let names = [draft.given_names.as_deref(), draft.family_name.as_deref()];
    names.into_iter().flatten().chain(draft.aliases.iter().map(String::as_str)).collect()
}

/// `unknown_force`: notice is given within the area of a territorial force. Stalking Protection Act
/// 2019, s.10(1).
fn police_area_of(
    at: &str,
    code: &str,
    context: &Context<'_>,
    faults: &mut Faults,
) -> Option<ForceName> {
    let at = step(at, "police_area");
    let area = force(&at, code, context, faults)?;
    if !is_territorial(code, context) {
        faults.add(at, Rule::UnknownForce);
    }
    Some(area)
}

struct Names {
    title: Option<Text>,
    given_names: Text,
    family_name: Text,
    aliases: Vec<Text>,
}

/// `name_too_long`, and `name_over_cjs_limit` for each part of the name.
fn names(
    at: &str,
    draft: &RespondentDraft,
    context: &Context<'_>,
    faults: &mut Faults,
) -> Option<Names> {
    let profile = context.law.profile;
    let mut part = |field: &str, value: Option<&str>, needed: bool| {
        let at = step(at, field);
        let value = if needed { faults.needed(&at, value) } else { value };
        let name = faults.name(&at, value, profile.name_part_longest());
        let length = name.as_ref().map_or(0, |name| name.chars().count());
        if length > profile.name_part_warned() && length <= profile.name_part_longest() {
            let fault = Violation::new(at, Rule::NameOverCjsLimit);
            faults.push(fault.with("max", profile.name_part_warned()));
        }
        name
    };
    let title = part("title", draft.title.as_deref(), false);
    let given_names = part("given_names", draft.given_names.as_deref(), true);
    let family_name = part("family_name", draft.family_name.as_deref(), true);
    let mut aliases = Vec::new();
    for (index, alias) in draft.aliases.iter().enumerate() {
        let at = step(&step(at, "aliases"), index);
        aliases.extend(faults.name(&at, Some(alias), profile.name_part_longest()));
    }
    Some(Names { title, given_names: given_names?, family_name: family_name?, aliases })
}

/// `date_of_birth_invalid`: in the future, or under the age of criminal responsibility at the
/// application.
fn date_of_birth(
    at: &str,
    born: Option<Date>,
    ages: Ages,
    context: &Context<'_>,
    faults: &mut Faults,
) -> Option<Date> {
    let at = step(at, "date_of_birth");
    let born = faults.needed(&at, born)?;
    let youngest = context.law.profile.youngest();
    let too_young = ages.application.is_some_and(|day| age_on(born, day) < youngest);
    if born > context.today || too_young {
        faults.add(at, Rule::DateOfBirthInvalid);
    }
    Some(born)
}

/// `address_required`: an address or no fixed abode, and not both.
fn abode(at: &str, draft: &RespondentDraft, faults: &mut Faults) -> Option<Abode> {
    let at_address = step(at, "address");
    let home = draft.address.as_ref().and_then(|home| address(&at_address, home, faults));
    let found_at = draft.no_fixed_abode.as_ref().and_then(|found_at| {
        let at = step(&step(at, "no_fixed_abode"), "found_at");
        faults.needed_text(&at, found_at.as_deref())
    });
    if draft.address.is_some() == draft.no_fixed_abode.is_some() {
        faults.add(at_address, Rule::AddressRequired);
        return None;
    }
    home.map(Abode::Address).or(found_at.map(|found_at| Abode::NoFixedAbode { found_at }))
}

/// `identifier_format` by its shape, `identifier_check_letter` by its arithmetic.
fn pnc_id(at: &str, sent: Option<&str>, faults: &mut Faults) -> Option<Text> {
    let pnc_id = faults.identifier(at, sent, "2003/0011985X", identifier::pnc_shape)?;
    if identifier::pnc_check_letter(&pnc_id) == Some(false) {
        faults.add(at, Rule::IdentifierCheckLetter);
    }
    Some(pnc_id)
}

/// `guardian_required`: under 18 on the day made.
fn guardian(
    at: &str,
    draft: &RespondentDraft,
    ages: Ages,
    context: &Context<'_>,
    faults: &mut Faults,
) -> Option<Guardian> {
    let named = |g: &GuardianDraft| g.name.is_some() || g.none_because.is_some();
    if !draft.guardian.as_ref().is_some_and(named) {
        let born = draft.date_of_birth?;
        if age_on(born, ages.made?) < context.law.profile.adult() {
            faults.add(at, Rule::GuardianRequired);
        }
    }
    let guardian = draft.guardian.as_ref()?;
    let none_because = step(at, "none_because");
    if guardian.name.is_some() && guardian.none_because.is_some() {
        faults.add(&none_because, Rule::UnknownField);
    }
    if let Some(reason) = guardian.none_because.as_deref() {
        return Some(Guardian::NoneBecause { reason: faults.prose(&none_because, Some(reason))? });
    }
    let max = context.law.profile.name_part_longest();
    let name = faults.name(&step(at, "name"), guardian.name.as_deref(), max);
    let relationship =
        faults.needed_text(&step(at, "relationship"), guardian.relationship.as_deref());
    Some(Guardian::Named { name: name?, relationship: relationship? })
}

fn commitments(at: &str, drafts: &[CommitmentDraft], faults: &mut Faults) -> Vec<Commitment> {
    let mut commitments = Vec::new();
    for (index, draft) in drafts.iter().enumerate() {
        let at = step(at, index);
        let kind = faults.needed(&step(&at, "kind"), draft.kind);
        faults.needed(&step(&at, "days"), draft.days.first());
        let from = faults.needed(&step(&at, "from"), draft.from);
        let to = faults.needed(&step(&at, "to"), draft.to);
        if let (Some(kind), Some(from), Some(to)) = (kind, from, to) {
            commitments.push(Commitment { kind, days: draft.days.clone(), from, to });
        }
    }
    commitments
}

/// `court_sitting_for_age`: under 18 at application and order, the youth court; 18 since the
/// application, either; 18 or over at the application, not the youth court. On appeal the Crown
/// Court sits for all. Stalking Protection Act 2019, s.13.
pub(super) fn sitting_for_age(
    sitting: Option<Sitting>,
    born: Option<Date>,
    ages: Ages,
    context: &Context<'_>,
    faults: &mut Faults,
) {
    let (Some(sitting), Some(born)) = (sitting, born) else {
        return;
    };
    let (Some(application), Some(made)) = (ages.application, ages.made) else {
        return;
    };
    let (then, now) = (age_on(born, application), age_on(born, made));
    let adult = context.law.profile.adult();
    let fits = match sitting {
        Sitting::Crown => true,
        Sitting::Youth => then < adult,
        Sitting::Magistrates => now >= adult,
    };
    if !fits {
        let fault = Violation::new("/court/sitting", Rule::CourtSittingForAge);
        faults.push(fault.with("age_at_application", then).with("age_when_made", now));
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::sample::{Case, full, interim};
    use crate::domain::draft::GuardianDraft;
    use crate::domain::order::Sitting;
    use crate::domain::violation::Rule;

    /// The full order's application is of 1 September 2026, the order of 2 November 2026.
    fn born(year: i16, month: i8, day: i8, sitting: Sitting) -> Case {
        let mut case = full();
        case.court().sitting = Some(sitting);
        let respondent = case.respondent();
        respondent.date_of_birth = Some(date(year, month, day));
        respondent.guardian = Some(GuardianDraft {
            name: Some("Pat Sample".to_owned()),
            relationship: Some("mother".to_owned()),
            none_because: None,
        });
        case
    }

    #[test]
    fn court_sitting_for_age_under_18_throughout_is_the_youth_court() {
        born(2008, 11, 3, Sitting::Magistrates).refused("/court/sitting", Rule::CourtSittingForAge);
        born(2008, 11, 3, Sitting::Youth).passes();
    }

    #[test]
    fn court_sitting_for_age_18_since_the_application_is_either_court() {
        born(2008, 11, 2, Sitting::Magistrates).passes();
        born(2008, 11, 2, Sitting::Youth).passes();
    }

    #[test]
    fn court_sitting_for_age_18_at_the_application_is_not_the_youth_court() {
        born(2008, 9, 1, Sitting::Youth).refused("/court/sitting", Rule::CourtSittingForAge);
        born(2008, 9, 1, Sitting::Magistrates).passes();
    }

    #[test]
    fn date_of_birth_invalid_in_the_future_or_under_ten() {
        let pointer = "/respondent/date_of_birth";
        born(2027, 1, 1, Sitting::Youth).refused(pointer, Rule::DateOfBirthInvalid);
        born(2016, 9, 2, Sitting::Youth).refused(pointer, Rule::DateOfBirthInvalid);
        born(2016, 9, 1, Sitting::Youth).passes();
    }

    #[test]
    fn guardian_required_under_18_on_the_day_made() {
        let mut case = born(2008, 11, 3, Sitting::Youth);
        case.respondent().guardian = None;
        case.refused("/respondent/guardian", Rule::GuardianRequired);
        case.respondent().guardian = Some(GuardianDraft::default());
        case.refused("/respondent/guardian", Rule::GuardianRequired);
        let none_because = Some("She is in the care of the council.".to_owned());
        case.respondent().guardian = Some(GuardianDraft { none_because, ..Default::default() });
        case.passes();
        let mut case = born(2008, 11, 2, Sitting::Youth);
        case.respondent().guardian = None;
        case.passes();
    }

    #[test]
    fn unknown_force_where_the_police_area_is_that_of_no_territorial_force() {
        let pointer = "/respondent/police_area";
        for code in ["british-transport-police", "ministry-of-defence-police"] {
            let mut case = interim();
            case.respondent().police_area = Some(code.to_owned());
            case.refused(pointer, Rule::UnknownForce);
        }
        let mut case = interim();
        case.respondent().police_area = Some("kent".to_owned());
        case.passes();
    }

    #[test]
    fn address_required_and_only_one_kind() {
        let mut case = interim();
        case.respondent().no_fixed_abode = Some(Some("the hostel".to_owned()));
        case.refused("/respondent/address", Rule::AddressRequired);
        case.respondent().address = None;
        case.passes();
        case.respondent().no_fixed_abode = None;
        case.refused("/respondent/address", Rule::AddressRequired);
    }

    #[test]
    fn identifier_format_of_a_pnc_id() {
        let mut case = full();
        case.respondent().pnc_id = Some("00/448754A".to_owned());
        case.refused("/respondent/pnc_id", Rule::IdentifierFormat);
    }

    #[test]
    fn identifier_check_letter_of_a_pnc_id_is_a_warning() {
        let mut case = full();
        case.respondent().pnc_id = Some("2000/0448754B".to_owned());
        case.warned("/respondent/pnc_id", Rule::IdentifierCheckLetter);
    }

    #[test]
    fn name_too_long_and_not_also_over_the_cjs_limit() {
        let mut case = full();
        case.respondent().family_name = Some("n".repeat(101));
        case.refused("/respondent/family_name", Rule::NameTooLong);
        case.silent_on("/respondent/family_name", Rule::NameOverCjsLimit);
        case.respondent().family_name = Some("n".repeat(100));
        case.silent_on("/respondent/family_name", Rule::NameTooLong);
    }

    #[test]
    fn name_over_cjs_limit_is_a_warning_from_36_characters_on() {
        let mut case = full();
        case.respondent().given_names = Some("ŵ".repeat(35));
        case.silent_on("/respondent/given_names", Rule::NameOverCjsLimit);
        case.respondent().given_names = Some("ŵ".repeat(36));
        case.warned("/respondent/given_names", Rule::NameOverCjsLimit);
    }
}
