//! The typed things that a patient and a clinician talk about, and their rules.
//!
//! Pure: nothing here knows how a document is merged, stored, sealed or sent. Each kind of thing is
//! one file that implements [`Content`] and one line of the registry below; `CONTRIBUTING.md` tells
//! how to add one. Fields and kinds from a newer version survive all that is done to a record.

pub mod amount;
mod assent;
pub mod attachment;
pub mod calendar;
mod clinic_wide;
mod clinic_wording;
mod content;
pub mod cost_summary;
pub mod day;
pub mod day_word;
pub mod digest;
pub mod disclosed;
mod feeling;
pub mod guide;
mod hex;
mod holds_for;
mod id;
pub mod integration_prompt;
mod kind;
mod kind_words;
mod latest;
pub mod limits;
mod mark;
pub mod measure;
pub mod medicine;
pub mod medicine_groups;
pub mod moment;
pub mod near_session;
pub mod nickname;
mod open_word;
mod ordered;
mod phase;
mod purpose;
mod rating;
pub mod reach;
mod record_id;
mod registry;
pub mod reminder;
mod revision;
pub mod risk;
pub mod route_and_dose;
pub mod section;
pub mod session_block;
pub mod session_day;
pub mod session_details;
pub mod session_step;
mod set;
mod settled;
mod shape;
pub mod text;
pub mod timeline;
pub mod trail;
pub mod unlocked;
mod visibility;
pub mod zone;

registry::kinds! {
    care_key::CareKey,
    entry::Entry,
    check_in::CheckIn,
    response::Response,
    reply::Reply,
    review::Review,
    talked_about::TalkedAbout,
    read_receipt::ReadReceipt,
    deletion::Deletion,
    delivery_receipt::DeliveryReceipt,
    attachment_receipt::AttachmentReceipt,
    dosing_session::DosingSession,
    visit::Visit,
    guide_text::GuideText,
    guide_slot::GuideSlot,
    clinic_guide_text::ClinicGuideText,
    clinic_guide_slot::ClinicGuideSlot,
    guide_assignment::GuideAssignment,
    guide_progress::GuideProgress,
    programme::Programme,
    goal::Goal,
    assessment_section::AssessmentSection,
    screening::Screening,
    medication_list::MedicationList,
    medication_review::MedicationReview,
    edited_by::EditedBy,
    anything_new::AnythingNew,
    readiness::Readiness,
    cost_sheet::CostSheet,
    cost_walkthrough::CostWalkthrough,
    cost_acknowledgement::CostAcknowledgement,
    session_preparation::SessionPreparation,
    intention::Intention,
    medicine_record::MedicineRecord,
    medicine_shown::MedicineShown,
    kept_private::KeptPrivate,
    sharing_wish::SharingWish,
    contact_request::ContactRequest,
    flag::Flag,
    flag_rule::FlagRule,
    monitoring::Monitoring,
    support_card::SupportCard,
    clinic_monitoring::ClinicMonitoring,
    clinic_support_card::ClinicSupportCard,
    safety_plan::SafetyPlan,
    commitment::Commitment,
    next_session_item::NextSessionItem,
    use_questions::UseQuestions,
    clinic_use_questions::ClinicUseQuestions,
    use_check::UseCheck,
    reminder_preferences::ReminderPreferences,
    reminder_rules::ReminderRules,
    clinic_reminder_rules::ClinicReminderRules,
    prompt_rules::PromptRules,
    clinic_prompt_rules::ClinicPromptRules,
    patient_record::PatientRecord,
    clinic_profile::ClinicProfile,
    device::Device,
    evidence::Evidence,
    member_keys::MemberKeys,
    imported_record::ImportedRecord,
    former_document::FormerDocument,
    space_grant::SpaceGrant,
    people::People,
    clinic_people::ClinicPeople,
    release_rules::ReleaseRules,
    clinic_release_rules::ClinicReleaseRules,
    release::Release,
    release_request::ReleaseRequest,
    release_declined::ReleaseDeclined,
    disclosure::Disclosure,
    access::Access,
    account_end::AccountEnd,
}

pub use access::EmergencyAccess;
pub use attachment::{Attachment, MediaKey, MediaType, SmallBytes};
pub use clinic_profile::{LEAST_KEEP_DAYS, MOST_KEEP_DAYS, USUAL_KEEP_DAYS};
pub use clinic_wide::{ClinicWide, HeldForAll};
pub use content::{
    AttachedBlob, Content, ContentError, Index, Placement, Projection, SearchText, Side, Writers,
};
pub use device::DeviceSort;
pub use entry::EntryKind;
pub use feeling::{FEELINGS, FeelingGroup};
pub(crate) use hex::hex_type;
pub use holds_for::HoldsFor;
pub use id::{DocumentId, DocumentIdError};
pub use kind::Kind;
pub use latest::{Latest, LatestVisitor, visit_latest};
pub use mark::{Made, Mark};
pub use member_keys::{KeySignature, KeySignatureError};
pub use moment::{Moment, MomentError};
pub(crate) use ordered::is_removed;
pub use ordered::{ItemId, ItemIdError, Ordered};
pub use people::Person;
pub use phase::{Phase, PhaseError};
pub use purpose::{Purpose, PurposeError};
pub use rating::{Rating, RatingError, Scale};
pub use record_id::{RecordId, RecordIdError};
pub use registry::KindVisitor;
pub use registry::{Declared, INDEX_VERSION, Reading, index_unknown};
pub use revision::{ChangeHash, Revision, RevisionError};
pub use section::{Belongs, RecordSection, RecordSections};
pub(crate) use settled::settled;
pub use shape::{BESIDE_CONTENT, Field, Merge, Shape};
pub use text::{Invalid, Named, Problem};
pub use visibility::Visibility;
pub use zone::{Zone, ZoneError};

/// What the registry knows of that kind; `None` for one from a newer version.
pub fn declared(kind: &Kind) -> Option<&'static Declared> {
    REGISTRY.iter().find(|declared| declared.kind == *kind)
}
