//! All addresses that only somebody who is signed in is answered at, with what each is about.

mod settings;

use axum::routing::{get, post};
use companion_core::domain::RecordSection;

use super::routes::{About, Routes};
use super::{
    attachments, calendar, caseload, costs, dates, drafts, emergency, events, export, flags,
    glance, invite, medicine, medicines, outcome, patient, people, programme, register, safety,
    safety_plan, screening, sessions, shared, sign_in, team, wordings,
};
use crate::accounts::Area;
use crate::view::shelf::{OnShelf, ShelfVisitor, visit_shelves};

const PROGRAMME: Area = Area::Section(RecordSection::Programme);
const ASSESSMENT: Area = Area::Section(RecordSection::Assessment);
const MEDICINES: Area = Area::Section(RecordSection::Medicines);
const MEDICINE_GIVEN: Area = Area::Section(RecordSection::MedicineGiven);
const SAFETY: Area = Area::Section(RecordSection::Safety);
const COSTS: Area = Area::Section(RecordSection::Costs);
const JOURNAL: Area = Area::Section(RecordSection::Journal);

/// All that only somebody who is signed in is answered.
pub(super) fn guarded() -> Routes {
    Routes::default()
        .route("/", About::Parts, get(caseload::show))
        .route(
            "/invite",
            Area::Register,
            get(invite::form).post(invite::invite),
        )
        .route("/safety", Area::Settings, get(safety::show))
        .route(
            "/safety/monitoring",
            Area::Settings,
            post(safety::monitoring),
        )
        .route("/safety/card", Area::Settings, post(safety::card))
        .route("/safety/rules", Area::Settings, post(safety::add_rule))
        .route(
            "/safety/rules/{rule}/retire",
            Area::Settings,
            post(safety::end_rule),
        )
        .route("/sign-out", About::Parts, post(sign_in::sign_out))
        .route(
            "/warnings/{warning}/dismiss",
            Area::Register,
            post(caseload::dismiss),
        )
        .route("/live", About::Parts, get(events::stream))
        .route("/drafts", About::Parts, post(drafts::keep))
        .route("/drafts/discard", About::Parts, post(drafts::discard))
        .route("/stay", About::Parts, post(drafts::stay))
        .route("/patients/{patient}", About::Record, get(patient::show))
        .route(
            "/patients/{patient}/emergency",
            About::Parts,
            get(emergency::form).post(emergency::open),
        )
        .route(
            "/patients/{patient}/emergency/end",
            About::Parts,
            post(emergency::end),
        )
        .route(
            "/calendar",
            About::Parts,
            get(calendar::show).post(calendar::make),
        )
        .route("/calendar/revoke", About::Parts, post(calendar::revoke))
        .route("/people", Area::People, get(people::show))
        .route(
            "/people/emergencies/{emergency}/end",
            Area::People,
            post(emergency::end_anothers),
        )
        .route(
            "/people/{person}/role",
            Area::People,
            post(people::set_role),
        )
        .route(
            "/people/{person}/end-access",
            Area::People,
            post(people::end_access),
        )
        .route(
            "/people/{person}/again",
            Area::People,
            post(people::give_access_again),
        )
        .route("/roles/{role}", Area::People, post(people::set_rights))
        .route(
            "/patients/{patient}/export",
            Area::Export,
            get(export::show),
        )
        .route(
            "/patients/{patient}/export/{file}",
            Area::Export,
            post(export::take),
        )
        .route(
            "/patients/{patient}/at-a-glance",
            About::Record,
            get(glance::show),
        )
        .route(
            "/patients/{patient}/phase",
            PROGRAMME,
            post(programme::set_phase),
        )
        .route(
            "/patients/{patient}/programme",
            PROGRAMME,
            post(programme::begin),
        )
        .route("/patients/{patient}/plan", PROGRAMME, post(programme::plan))
        .route(
            "/patients/{patient}/pause",
            PROGRAMME,
            post(programme::pause),
        )
        .route(
            "/patients/{patient}/go-on",
            PROGRAMME,
            post(programme::go_on),
        )
        .route("/patients/{patient}/end", PROGRAMME, post(programme::end))
        .route(
            "/patients/{patient}/summary",
            PROGRAMME,
            post(programme::summary),
        )
        .route("/wordings", Area::Settings, get(wordings::show_own))
        .route("/wordings/{id}", Area::Settings, post(wordings::choose_own))
        .route(
            "/patients/{patient}/wordings",
            About::Record,
            get(wordings::show),
        )
        .route(
            "/patients/{patient}/wordings/{id}",
            About::Record,
            post(wordings::choose),
        )
        .merge(settings::for_all_and_for_one())
        .merge(settings::guides())
        .merge(settings::releases())
        .route("/patients/{patient}/team", PROGRAMME, post(team::add))
        .route(
            "/patients/{patient}/team/{member}/remove",
            PROGRAMME,
            post(team::remove),
        )
        .route("/patients/{patient}/costs", COSTS, get(costs::show))
        .route(
            "/patients/{patient}/costs/lines",
            COSTS,
            post(costs::add_line),
        )
        .route(
            "/patients/{patient}/costs/lines/{item}",
            COSTS,
            get(costs::show_line).post(costs::change_line),
        )
        .route(
            "/patients/{patient}/costs/lines/{item}/remove",
            COSTS,
            post(costs::remove_line),
        )
        .route(
            "/patients/{patient}/costs/walked-through",
            COSTS,
            post(costs::walked_through),
        )
        .route(
            "/patients/{patient}/outcome",
            ASSESSMENT,
            get(outcome::show).post(outcome::record),
        )
        .merge(screening_and_medicine())
        .route("/patients/{patient}/flags", SAFETY, post(flags::raise))
        .route(
            "/patients/{patient}/flags/{flag}/acknowledge",
            SAFETY,
            post(flags::acknowledge),
        )
        .route(
            "/patients/{patient}/flags/{flag}/close",
            SAFETY,
            post(flags::close),
        )
        .route(
            "/patients/{patient}/flags/{flag}/reopen",
            SAFETY,
            post(flags::reopen),
        )
        .route(
            "/patients/{patient}/correct",
            Area::Register,
            post(register::correct),
        )
        .route(
            "/patients/{patient}/archive",
            Area::Register,
            post(register::archive),
        )
        .route(
            "/patients/{patient}/bring-back",
            Area::Register,
            post(register::bring_back),
        )
        .route(
            "/patients/{patient}/merge",
            Area::Register,
            post(register::merge),
        )
        .route(
            "/patients/{patient}/sessions",
            PROGRAMME,
            post(sessions::add),
        )
        .route(
            "/patients/{patient}/sessions/{session}",
            PROGRAMME,
            get(sessions::show).post(sessions::tell),
        )
        .route(
            "/patients/{patient}/sessions/{session}/move",
            PROGRAMME,
            post(sessions::move_to),
        )
        .route(
            "/patients/{patient}/sessions/{session}/correct",
            PROGRAMME,
            post(sessions::correct),
        )
        .route(
            "/patients/{patient}/sessions/{session}/call-off",
            PROGRAMME,
            post(sessions::call_off),
        )
        .route(
            "/patients/{patient}/sessions/{session}/put-back",
            PROGRAMME,
            post(sessions::put_back),
        )
        .route(
            "/patients/{patient}/dates",
            PROGRAMME,
            get(dates::show).post(dates::plan),
        )
        .route(
            "/patients/{patient}/visits/{visit}/move",
            PROGRAMME,
            post(dates::move_visit),
        )
        .route(
            "/patients/{patient}/visits/{visit}/call-off",
            PROGRAMME,
            post(dates::call_off),
        )
        .route(
            "/patients/{patient}/visits/{visit}/put-back",
            PROGRAMME,
            post(dates::put_back),
        )
        .route(
            "/patients/{patient}/devices/{device}/remove",
            Area::Register,
            post(patient::remove_device),
        )
        .route(
            "/patients/{patient}/invitation",
            Area::Register,
            get(invite::show),
        )
        .route(
            "/patients/{patient}/reinvite",
            Area::Register,
            post(invite::reinvite),
        )
        .route(
            "/patients/{patient}/words",
            Area::Register,
            post(invite::answer),
        )
        .route(
            "/patients/{patient}/two-histories",
            Area::Register,
            get(invite::two_histories),
        )
        .route(
            "/patients/{patient}/entries/{id}/attachments/{item}",
            JOURNAL,
            get(attachments::open),
        )
        .merge(shelves())
}

/// The pages of every kind that a patient shares, and what is sent from them.
fn shelves() -> Routes {
    struct OfShelves(Routes);
    impl ShelfVisitor for OfShelves {
        fn visit<T: OnShelf>(&mut self) {
            let about = T::SHELF.area();
            let page = format!("/patients/{{patient}}/{}/{{id}}", T::SHELF.as_str());
            let mut routes = std::mem::take(&mut self.0)
                .route(&page, about, get(shared::show::<T>))
                .route(&format!("{page}/reply"), about, post(shared::reply::<T>))
                .route(&format!("{page}/talked"), about, post(shared::talk::<T>));
            if T::SHELF.is_reviewed() {
                let reviewed = format!("{page}/reviewed");
                routes = routes.route(&reviewed, about, post(shared::review::<T>));
            }
            self.0 = routes;
        }
    }
    let mut routes = OfShelves(Routes::default());
    visit_shelves(&mut routes);
    let plan = "/patients/{patient}/safety-plans/{id}/lines";
    let line = format!("{plan}/{{item}}");
    routes
        .0
        .route(
            "/patients/{patient}/medicines/{id}/medicines-reviewed",
            MEDICINES,
            post(medicines::reviewed),
        )
        .route(
            plan,
            SAFETY,
            get(safety_plan::add_form).post(safety_plan::add),
        )
        .route(
            &line,
            SAFETY,
            get(safety_plan::show_line).post(safety_plan::change_line),
        )
        .route(
            &format!("{line}/remove"),
            SAFETY,
            post(safety_plan::remove_line),
        )
}

/// What clinicians write down of the assessment and of a session.
fn screening_and_medicine() -> Routes {
    let screening = "/patients/{patient}/screening";
    let medicine = "/patients/{patient}/sessions/{session}/medicine";
    Routes::default()
        .route(screening, MEDICINES, get(screening::show))
        .route(
            &format!("{screening}/findings"),
            MEDICINES,
            post(screening::find),
        )
        .route(
            &format!("{screening}/items"),
            MEDICINES,
            post(screening::add),
        )
        .route(
            &format!("{screening}/items/{{item}}/remove"),
            MEDICINES,
            post(screening::remove),
        )
        .route(
            medicine,
            MEDICINE_GIVEN,
            get(medicine::show).post(medicine::write),
        )
        .route(
            &format!("{medicine}/readings"),
            MEDICINE_GIVEN,
            post(medicine::add_reading),
        )
        .route(
            &format!("{medicine}/readings/{{reading}}/remove"),
            MEDICINE_GIVEN,
            post(medicine::remove_reading),
        )
        .route(
            &format!("{medicine}/show"),
            MEDICINE_GIVEN,
            post(medicine::show_to_patient),
        )
        .route(
            &format!("{medicine}/hide"),
            MEDICINE_GIVEN,
            post(medicine::take_back),
        )
}
