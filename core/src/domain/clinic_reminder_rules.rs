//! A clinic's own rules for reminders, as it set them for all its patients.

super::clinic_wide::clinic_wide_kind! {
    /// What a clinic set of its [`ReminderRules`]. It lives in the clinic space; the newest is the one that counts.
    ClinicReminderRules, ReminderRules, "clinic_reminder_rules"
}
