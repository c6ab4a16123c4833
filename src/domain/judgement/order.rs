//! An interim or full order, from the first field of the request to the last.

use jiff::civil::Date;

use crate::domain::draft::{ApplicationDraft, CaseDraft, OrderDraft};
use crate::domain::identifier;
use crate::domain::order::{
    Application, AvoidsConflict, Case, Court, Duration, Hearing, Language, NextHearing, Order,
    OrderFacts, OrderKind, Route, Undisclosed,
};
use crate::domain::people::{Applicant, AuthorisedBy, Respondent};
use crate::domain::sensitive::Sensitive;
use crate::domain::term::{Term, TermNumber};
use crate::domain::violation::{Rule, Violation};

use super::duration::{self, Window, day, earliest_end};
use super::faults::Faults;
use super::law::Names;
use super::people::{self, Persons};
use super::respondent::{self, Ages};
use super::term::{Judged, TermRules};
use super::{Context, OrderJudged, confidence, court, earlier, hearing, terms, wording};

/// Judges the whole request.
pub(super) fn judge(
    draft: &OrderDraft,
    context: &Context<'_>,
    faults: &mut Faults,
) -> Option<OrderJudged> {
    let kind = faults.needed("/kind", draft.kind)?;
    let full = kind == OrderKind::FullOrder;
    let made_on = made_on(draft.made_on, context, faults);
    let before = Proceedings::read(draft, kind, context, faults);
    let respondent = respondent(draft, context, faults);
    let persons = people::persons(&draft.protected_persons, context, faults);
    let duration = duration(draft, kind, context, faults);
    let judged = all_terms(draft, kind, &persons, context, faults);
    let next_hearing = (!full).then(|| next_hearing(draft, &before, duration, context, faults));
    let replaced = draft.replaces_interim.as_ref().filter(|_| full);
    let replaces_interim = replaced.map(|r| earlier::replaced(r, draft, context, faults));
    let sealed = Sealed::of(judged, faults);
    let existing = if full { draft.existing_orders.as_slice() } else { &[] };
    let existing_orders = earlier::existing(existing, &sealed.terms, context, faults);
    let library = context.law.library;
    wording::of_order(&sealed.terms, &respondent, &before.avoids_conflict, library, faults);
    let open = persons.printed.iter().collect();
    let names = Names { respondent: names(draft), open, public: Vec::new() };
    let secrets = context.law.secrets(&persons.confidences, &names);
    confidence::search(&secrets, faults);
    let order = Order::seal(OrderFacts {
        kind,
        case: before.case?,
        route: before.route,
        application: before.application?,
        court: before.court?,
        applicant: before.applicant?,
        respondent: respondent?,
        protected_persons: persons.printed,
        made_on: made_on?,
        hearing: before.hearing?,
        avoids_conflict: before.avoids_conflict?,
        terms: sealed.terms.into_iter().map(|(_, term)| term).collect(),
        duration: duration?,
        authorised_by: before.authorised_by?,
        language: draft.language.unwrap_or(Language::En),
        next_hearing: asked_and_read(next_hearing)?,
        replaces_interim: asked_and_read(replaces_interim)?,
        existing_orders,
    });
    let undisclosed = Undisclosed { persons: persons.confidences, necessity: sealed.necessity };
    Some(OrderJudged { order, undisclosed })
}

/// How the order came about: case, court, applicant, hearing.
struct Proceedings {
    case: Option<Case>,
    route: Route,
    application: Option<Application>,
    court: Option<Court>,
    applicant: Option<Applicant>,
    hearing: Option<Hearing>,
    avoids_conflict: Option<AvoidsConflict>,
    authorised_by: Option<AuthorisedBy>,
}

impl Proceedings {
    fn read(
        draft: &OrderDraft,
        kind: OrderKind,
        context: &Context<'_>,
        faults: &mut Faults,
    ) -> Self {
        let welsh = is_welsh(draft.language, context, faults);
        let case = case(draft.case.as_ref(), faults);
        let route = route(draft, context, faults);
        let application = application(draft, kind, faults);
        let court = court::judge(draft.court.as_ref(), route, context, faults);
        let applicant = people::applicant(draft.applicant.as_ref(), context, faults);
        let hearing = hearing::judge(draft.hearing.as_ref(), welsh, faults);
        hearing::findings(draft.findings.as_ref(), kind, faults);
        let avoids_conflict = hearing::avoids_conflict(draft.avoids_conflict.as_ref(), faults);
        let authorised_by = people::authorised_by(draft.authorised_by.as_ref(), context, faults);
        Self { case, route, application, court, applicant, hearing, avoids_conflict, authorised_by }
    }
}

/// Whether a Welsh document is asked for: in production no Welsh layout that no translator has
/// approved is used (`welsh_text_unapproved`).
pub(super) fn is_welsh(
    language: Option<Language>,
    context: &Context<'_>,
    faults: &mut Faults,
) -> bool {
    let welsh = language.is_some_and(|language| language != Language::En);
    if welsh && context.production && !context.law.welsh_layouts_approved {
        faults.add("/language", Rule::WelshTextUnapproved);
    }
    welsh
}

fn case(draft: Option<&CaseDraft>, faults: &mut Faults) -> Option<Case> {
    let draft = faults.needed("/case", draft)?;
    let reference = faults.needed_text("/case/reference", draft.reference.as_deref());
    let urn = draft.urn.as_deref();
    let urn = faults.identifier("/case/urn", urn, "45GD8918520", identifier::urn_shape);
    let court_reference = faults.text("/case/court_reference", draft.court_reference.as_deref());
    Some(Case { reference: reference?, urn, court_reference })
}

/// `made_on_in_future`, `made_on_before_commencement`.
fn made_on(made_on: Option<Date>, context: &Context<'_>, faults: &mut Faults) -> Option<Date> {
    let made_on = faults.needed("/made_on", made_on)?;
    not_in_future("/made_on", made_on, context, faults);
    let commencement = context.law.profile.commencement();
    if made_on < commencement {
        let fault = Violation::new("/made_on", Rule::MadeOnBeforeCommencement);
        faults.push(fault.with("commencement", day(commencement)));
    }
    Some(made_on)
}

/// `made_on_in_future`. Today is London's day.
pub(super) fn not_in_future(at: &str, date: Date, context: &Context<'_>, faults: &mut Faults) {
    if date > context.today {
        let fault = Violation::new(at, Rule::MadeOnInFuture);
        faults.push(fault.with("day", day(date)).with("today", day(context.today)));
    }
}

/// `route_not_in_force` on the day made. The contract's default is an application.
fn route(draft: &OrderDraft, context: &Context<'_>, faults: &mut Faults) -> Route {
    let route = draft.route.unwrap_or(Route::Application);
    let profile = context.law.profile;
    let Some(made_on) = draft.made_on.filter(|day| *day >= profile.commencement()) else {
        return route;
    };
    if !profile.route_in_force(route, made_on) {
        let in_force = ROUTES.iter().filter(|(route, _)| profile.route_in_force(*route, made_on));
        let allowed: Vec<_> = in_force.map(|(_, name)| *name).collect();
        let fault = Violation::new("/route", Rule::RouteNotInForce);
        faults.push(fault.with("made_on", day(made_on)).with("allowed", allowed.join(", ")));
    }
    route
}

const ROUTES: [(Route, &str); 4] = [
    (Route::Application, "application"),
    (Route::Acquittal, "acquittal"),
    (Route::Conviction, "conviction"),
    (Route::Appeal, "appeal"),
];

/// `application_after_order`, `interim_needs_main_application`.
fn application(draft: &OrderDraft, kind: OrderKind, faults: &mut Faults) -> Option<Application> {
    let sent = faults.needed("/application", draft.application.as_ref());
    let sent: &ApplicationDraft = sent?;
    let at_reference = "/application/reference";
    if kind == OrderKind::InterimOrder && sent.reference.is_none() {
        faults.add(at_reference, Rule::InterimNeedsMainApplication);
    }
    let reference = faults.text(at_reference, sent.reference.as_deref());
    let applied_on = faults.needed("/application/made_on", sent.made_on)?;
    if let Some(made_on) = draft.made_on
        && applied_on > made_on
    {
        let fault = Violation::new("/application/made_on", Rule::ApplicationAfterOrder);
        faults.push(fault.with("made_on", day(made_on)));
    }
    Some(Application { reference, made_on: applied_on })
}

fn respondent(
    draft: &OrderDraft,
    context: &Context<'_>,
    faults: &mut Faults,
) -> Option<Respondent> {
    let sent = faults.needed("/respondent", draft.respondent.as_ref())?;
    let ages = Ages {
        application: draft.application.as_ref().and_then(|application| application.made_on),
        made: draft.made_on,
    };
    let sitting = draft.court.as_ref().and_then(|court| court.sitting);
    respondent::sitting_for_age(sitting, sent.date_of_birth, ages, context, faults);
    respondent::judge("/respondent", sent, ages, context, faults)
}

fn duration(
    draft: &OrderDraft,
    kind: OrderKind,
    context: &Context<'_>,
    faults: &mut Faults,
) -> Option<Duration> {
    let duration = duration::read("/duration", draft.duration, kind, faults)?;
    if let (Duration::Fixed { end_date }, Some(made_on)) = (duration, draft.made_on) {
        let judge = match kind {
            OrderKind::InterimOrder => duration::interim_period,
            OrderKind::FullOrder => duration::full_period,
        };
        judge("/duration", made_on, end_date, context, faults);
    }
    Some(duration)
}

fn all_terms(
    draft: &OrderDraft,
    kind: OrderKind,
    persons: &Persons,
    context: &Context<'_>,
    faults: &mut Faults,
) -> Vec<Judged> {
    let full = draft.made_on.filter(|_| kind == OrderKind::FullOrder);
    let rules = TermRules {
        context,
        kind,
        persons,
        window: Window { from: draft.made_on, to: duration::last_day(draft.duration) },
        earliest_until: full.map(|made_on| earliest_end(made_on, context)),
        welsh: draft.language.is_some_and(|language| language != Language::En),
    };
    terms::judge(&draft.prohibitions, &draft.requirements, &rules, faults)
}

fn next_hearing(
    draft: &OrderDraft,
    before: &Proceedings,
    duration: Option<Duration>,
    context: &Context<'_>,
    faults: &mut Faults,
) -> Option<NextHearing> {
    let place = hearing::Place { made_on: draft.made_on, court: before.court.as_ref() };
    let sent = draft.next_hearing.as_ref();
    let next = hearing::next_hearing("/next_hearing", sent, place, context, faults)?;
    if let (NextHearing::At { date, .. }, Some(Duration::Fixed { end_date })) = (&next, duration) {
        hearing::hearing_within(end_date, *date, "/duration/end_date", faults);
    }
    Some(next)
}

/// The names of the respondent, which are no trace of a protected person of the same name.
fn names(draft: &OrderDraft) -> Vec<&str> {
    draft.respondent.as_ref().map(respondent::names_of).unwrap_or_default()
}

/// Terms that could be made, each with its pointer, and why they are needed.
pub(super) struct Sealed {
    pub(super) terms: Vec<(String, Term)>,
    pub(super) necessity: Vec<(TermNumber, Sensitive)>,
}

impl Sealed {
    /// A term that could not be made leaves a gap.
    pub(super) fn of(judged: Vec<Judged>, faults: &mut Faults) -> Self {
        let mut sealed = Self { terms: Vec::new(), necessity: Vec::new() };
        for one in judged {
            sealed.necessity.extend(one.necessity.map(|why| (one.number, why)));
            if let Some(term) = faults.needed(&one.at, one.term) {
                sealed.terms.push((one.at, term));
            }
        }
        sealed
    }
}

/// What was not asked for is absent; what was asked for and could not be read stops the order.
fn asked_and_read<T>(part: Option<Option<T>>) -> Option<Option<T>> {
    part.map_or(Some(None), |read| read.map(Some))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::sample::{full, interim};
    use crate::domain::draft::{DurationDraft, OrderDraft};
    use crate::domain::order::{Language, OrderKind, Route};
    use crate::domain::violation::{Rule, Violation};

    #[test]
    fn the_samples_pass_without_a_fault_or_a_warning() {
        for case in [interim(), full()] {
            let judgement = case.judge();
            assert_eq!((judgement.errors, judgement.warnings), (vec![], vec![]));
            assert!(judgement.outcome.is_some());
        }
    }

    #[test]
    fn made_on_in_future_is_refused_and_today_is_not() {
        let mut case = full();
        case.draft.made_on = Some(date(2026, 11, 22));
        case.refused("/made_on", Rule::MadeOnInFuture);
        case.draft.made_on = Some(date(2026, 11, 21));
        case.silent_on("/made_on", Rule::MadeOnInFuture);
    }

    #[test]
    fn made_on_before_commencement_is_refused() {
        let mut case = full();
        case.draft.made_on = Some(date(2020, 1, 19));
        case.refused("/made_on", Rule::MadeOnBeforeCommencement);
        case.silent_on("/route", Rule::RouteNotInForce);
        case.draft.made_on = Some(date(2020, 1, 20));
        case.silent_on("/made_on", Rule::MadeOnBeforeCommencement);
    }

    #[test]
    fn application_after_order_is_refused_and_the_same_day_is_not() {
        let mut case = full();
        case.draft.application.as_mut().unwrap().made_on = Some(date(2026, 11, 3));
        case.refused("/application/made_on", Rule::ApplicationAfterOrder);
        case.draft.application.as_mut().unwrap().made_on = Some(date(2026, 11, 2));
        case.passes();
    }

    #[test]
    fn route_not_in_force_for_the_routes_of_the_act_of_2026() {
        for route in [Route::Acquittal, Route::Conviction] {
            let mut case = full();
            case.draft.route = Some(route);
            let fault = case.refused("/route", Rule::RouteNotInForce);
            assert!(fault.explain().message.contains("application, appeal"));
        }
    }

    #[test]
    fn interim_needs_main_application_with_its_reference() {
        let mut case = interim();
        case.draft.application.as_mut().unwrap().reference = None;
        case.refused("/application/reference", Rule::InterimNeedsMainApplication);
        let mut case = full();
        case.draft.application.as_mut().unwrap().reference = None;
        case.passes();
    }

    #[test]
    fn a_case_number_of_another_shape_breaks_identifier_format() {
        let mut case = full();
        case.draft.case.as_mut().unwrap().urn = Some("45-GD-8918520".to_owned());
        case.refused("/case/urn", Rule::IdentifierFormat);
        case.draft.case.as_mut().unwrap().urn = Some("45GD8918520".to_owned());
        case.passes();
    }

    #[test]
    fn welsh_text_unapproved_stops_a_welsh_order_in_production() {
        let mut case = full();
        case.draft.language = Some(Language::Bilingual);
        case.silent_on("/language", Rule::WelshTextUnapproved);
        case.production = true;
        case.refused("/language", Rule::WelshTextUnapproved);
        case.refused("/prohibitions/0/clause", Rule::WelshTextUnapproved);
    }

    #[test]
    fn all_faults_come_at_once() {
        let mut case = full();
        case.draft.made_on = Some(date(2026, 12, 1));
        case.draft.duration = Some(DurationDraft::Fixed(Some(date(2027, 1, 1))));
        case.applicant().ground = None;
        case.respondent().address = None;
        case.respondent().no_fixed_abode = None;
        let rules: Vec<_> = case.judge().errors.iter().map(|fault| fault.rule).collect();
        for rule in [
            Rule::MadeOnInFuture,
            Rule::FullOrderMinimumPeriod,
            Rule::GroundRequired,
            Rule::AddressRequired,
        ] {
            assert!(rules.contains(&rule), "{rule}");
        }
    }

    #[test]
    fn an_empty_draft_is_silent_but_for_what_the_law_demands() {
        let mut case = full();
        case.draft = OrderDraft { kind: Some(OrderKind::FullOrder), ..Default::default() };
        let judgement = case.judge();
        assert!(judgement.outcome.is_none());
        let rules: Vec<_> = judgement.errors.iter().map(|fault| fault.rule).collect();
        assert_eq!(rules, [Rule::NoProtectedPerson, Rule::NeedsATerm]);
    }

    #[test]
    fn a_gap_that_the_reader_did_not_name_is_a_missing_field() {
        let mut case = full();
        case.draft.court = None;
        let pointers = |shape: Vec<Violation>| -> Vec<(String, Rule)> {
            let judgement = case.judge().after(shape);
            assert!(judgement.outcome.is_none());
            judgement.errors.into_iter().map(|fault| (fault.pointer, fault.rule)).collect()
        };
        let court = |rule| ("/court".to_owned(), rule);
        assert_eq!(pointers(vec![]), [court(Rule::MissingField)]);
        let wrong = vec![Violation::new("/court", Rule::WrongType)];
        assert_eq!(pointers(wrong), [court(Rule::WrongType)]);
    }

    #[test]
    fn a_part_of_a_refused_shape_is_not_refused_again_for_its_absence() {
        let mut case = full();
        case.draft.findings.as_mut().unwrap().poses_risk = None;
        let errors = |rule| {
            let shape = vec![Violation::new("/findings/poses_risk", rule)];
            let errors = case.judge().after(shape).errors;
            errors.into_iter().map(|fault| fault.rule).collect::<Vec<_>>()
        };
        assert_eq!(errors(Rule::WrongType), [Rule::WrongType]);
        assert_eq!(errors(Rule::MissingField), [Rule::FindingMissing]);
    }
}
