//! What a clinic sets once for the safety of all its patients: who reads what arrives and when, whom to call,
//! and its own rules for what is flagged. Each patient's phone reads a copy in the care space.

use super::Clinic;
use crate::domain::risk::{Rule, RuleError};
use crate::domain::support_card::SupportLine;
use crate::domain::{
    ClinicMonitoring, ClinicSupportCard, Content as _, DocumentId, FlagRule, Kind, Monitoring,
    Ordered, SupportCard,
};
use crate::error::{CoreError, Result};
use crate::records::View;

/// What a clinic set, and how far it got.
#[derive(Debug, Clone, PartialEq)]
pub struct Safety {
    /// Who reads what arrives, and when; `None` as long as nobody set it. Until it has no
    /// [gaps](Monitoring::gaps), no measure that asks about thoughts of death is offered.
    pub monitoring: Option<Monitoring>,
    /// The clinic's support card; `None` as long as nobody wrote one.
    pub card: Option<SupportCard>,
    /// The clinic's own rules, newest first; those that hold no more among them.
    pub rules: Vec<View<FlagRule>>,
    /// What of it this version can't read: a newer one set it. It is to be changed there.
    pub unreadable: Vec<Kind>,
    /// Patients whose record does not say the same yet. Each exchange tries again.
    pub behind: usize,
}

/// What the clinic puts on its support card.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CardText {
    /// The country that it is for, by ISO 3166-1: `US`.
    pub region: String,
    /// Whom to call besides, in order.
    pub lines: Vec<SupportLine>,
    /// The clinic's own number; may be empty.
    pub clinic_number: String,
}

impl Clinic {
    /// What the clinic set for the safety of all its patients.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`] when the record can't be read.
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// let safety = clinic.safety()?;
    /// assert!(safety.monitoring.is_none() && safety.rules.is_empty());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn safety(&self) -> Result<Safety> {
        let standing = self.set_for_all()?;
        let mut behind = 0;
        for (_, record) in self.read_register()? {
            if self.over_in(record.care_space)?.is_some() {
                // Nobody is there to be told.
                continue;
            }
            let is_here = self.replica.knows(record.care_space);
            if !is_here || !standing.is_said_in(&self.records_in(record.care_space))? {
                behind += 1;
            }
        }
        Ok(Safety {
            monitoring: standing.monitoring,
            card: standing.card,
            rules: self.flag_rules()?,
            unreadable: self.unreadable_settings()?,
            behind,
        })
    }

    /// What of what the clinic set this version can't read: a newer one set it, and it is to be changed there.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`] when the record can't be read.
    pub fn unreadable_settings(&self) -> Result<Vec<Kind>> {
        self.own.newest_unreadable()
    }

    /// Sets who reads what arrives, and when, for all patients. What says the same again changes nothing.
    ///
    /// # Errors
    ///
    /// [`CoreError::Invalid`] names the field.
    ///
    /// ```
    /// use companion_core::domain::Monitoring;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # use companion_core::records::Query;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// clinic.set_monitoring(Monitoring {
    ///     hours: [("mon".to_owned(), "09:00-17:00".to_owned())].into(),
    ///     zone: "America/Denver".into(),
    ///     responsible: "Maya Lindqvist".into(),
    ///     by: "Maya".into(),
    ///     at: clinic.now(),
    /// })?;
    /// let said = clinic.page(ada, &Query::<Monitoring>::all())?.items;
    /// assert_eq!(said[0].content.responsible, "Maya Lindqvist");
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn set_monitoring(&self, monitoring: Monitoring) -> Result<()> {
        self.change_monitoring(|_| Some(monitoring))
    }

    /// The same on top of what is set: `change` is given it, and nobody else changes it meanwhile. It gives
    /// `None` where nothing is to be set.
    ///
    /// # Errors
    ///
    /// As [`Clinic::set_monitoring`].
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// clinic.change_monitoring(|present| present.cloned())?;
    /// assert!(clinic.safety()?.monitoring.is_none());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn change_monitoring(
        &self,
        change: impl FnOnce(Option<&Monitoring>) -> Option<Monitoring>,
    ) -> Result<()> {
        let turn = self.take_register_turn();
        let present = self.own.newest::<ClinicMonitoring>()?.or_refuse()?;
        let Some(set) = change(present.as_ref().map(|view| &view.content.0)) else {
            return Ok(());
        };
        let set = ClinicMonitoring(set.checked()?);
        match present {
            Some(present) if present.content.0.says_the_same(&set.0) => return Ok(()),
            Some(present) => {
                let edit = |it: &mut ClinicMonitoring| *it = set;
                self.own.edit(present.id, &present.revision, edit)?;
            }
            None => drop(self.own.create(set)?),
        }
        drop(turn);
        // What fails here is said by the next exchange, which tries it again.
        self.raise_what_arrived();
        Ok(())
    }

    /// Writes the clinic's support card for all patients, as the next version. What says the same again says
    /// that somebody compared it anew, and keeps its version.
    ///
    /// # Errors
    ///
    /// [`CoreError::Invalid`] names the field.
    ///
    /// ```
    /// use companion_core::clinic::CardText;
    /// use companion_core::domain::SupportCard;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # use companion_core::records::Query;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// let clinic_number = "+1 307 555 0100".to_owned();
    /// let text = CardText { region: "US".into(), clinic_number, ..CardText::default() };
    /// clinic.set_support_card(text.clone(), "Maya")?;
    /// clinic.set_support_card(text, "Maya")?;
    /// let said = clinic.page(ada, &Query::<SupportCard>::all())?.items;
    /// assert_eq!(said[0].content.version, 1);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn set_support_card(&self, text: CardText, by: &str) -> Result<()> {
        self.change_support_card(by, |_| Some(text))
    }

    /// The same on top of the card as it stands: `change` is given it, and nobody else changes it meanwhile. It
    /// gives `None` where nothing is to be written.
    ///
    /// # Errors
    ///
    /// As [`Clinic::set_support_card`].
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// clinic.change_support_card("Maya", |present| { assert!(present.is_none()); None })?;
    /// assert!(clinic.safety()?.card.is_none());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn change_support_card(
        &self,
        by: &str,
        change: impl FnOnce(Option<&SupportCard>) -> Option<CardText>,
    ) -> Result<()> {
        let turn = self.take_register_turn();
        let present = self.own.newest::<ClinicSupportCard>()?.or_refuse()?;
        let before = present.as_ref().map(|view| &view.content.0);
        let Some(text) = change(before) else {
            return Ok(());
        };
        // A line that stays is the same line: only what changed is written.
        let mut lines = Ordered::default();
        for (nth, line) in text.lines.into_iter().enumerate() {
            let known = before.and_then(|card| card.lines.iter().nth(nth).map(|(id, _)| id));
            lines.push(known.unwrap_or_else(|| self.new_item()), line);
        }
        let card = SupportCard {
            region: text.region,
            lines,
            clinic_number: text.clinic_number,
            version: before.map_or(1, |card| card.version.saturating_add(1)),
            by: by.to_owned(),
            at: self.now(),
        };
        let mut set = ClinicSupportCard(card.checked()?);
        if let Some(before) = before.filter(|before| before.says_the_same(&set.0)) {
            // Somebody looked at it again: the date says so, and the version stays.
            set.0.version = before.version;
        }
        match present {
            Some(present) => {
                let edit = |it: &mut ClinicSupportCard| *it = set;
                self.own.edit(present.id, &present.revision, edit)?;
            }
            None => drop(self.own.create(set)?),
        }
        drop(turn);
        self.raise_what_arrived();
        Ok(())
    }

    /// The clinic's own rules for what is flagged, newest first.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`] when the record can't be read.
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// assert!(clinic.flag_rules()?.is_empty());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn flag_rules(&self) -> Result<Vec<View<FlagRule>>> {
        self.own.all::<FlagRule>()
    }

    /// Adds a rule of the clinic's own. It looks at once at each patient's newest answers to its measure, and
    /// from then on at all that are answered.
    ///
    /// # Errors
    ///
    /// [`CoreError::Rule`] for one that can't be applied here, and for one that another watches the same as; [`CoreError::Invalid`]
    /// names the field.
    ///
    /// ```
    /// use companion_core::domain::FlagRule;
    /// use companion_core::domain::flag_rule::RuleWhen;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// let rule = FlagRule {
    ///     measure: "gad-7".into(),
    ///     when: RuleWhen::TotalAtLeast,
    ///     points: 15,
    ///     item: None,
    ///     words: "Anxiety is high: call within two days.".into(),
    ///     by: "Maya".into(),
    ///     at: clinic.now(),
    ///     retired_at: None,
    /// };
    /// let rule = clinic.add_flag_rule(rule)?;
    /// clinic.retire_flag_rule(rule.id)?;
    /// assert!(!clinic.flag_rules()?[0].content.applies());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn add_flag_rule(&self, rule: FlagRule) -> Result<View<FlagRule>> {
        let rule = rule.checked()?;
        // A rule that would never hold here would be believed to watch.
        let id = DocumentId::random(&*self.replica.ports.rng);
        Rule::of(id, &rule).map_err(CoreError::Rule)?;
        let turn = self.take_register_turn();
        let present = self.flag_rules()?.into_iter().map(|view| view.content);
        let mut present = present.filter(FlagRule::applies);
        if let Some(same) = present.find(|present| present.watches_the_same(&rule)) {
            return Err(RuleError::Twice { words: same.words }.into());
        }
        let added = self.own.create(rule)?;
        drop(turn);
        self.raise_what_arrived();
        Ok(added)
    }

    /// Lets a rule hold no more. The flags that it raised stay. Retiring one twice changes nothing.
    ///
    /// # Errors
    ///
    /// [`Missing::Document`](crate::Missing::Document) for one that there is not.
    ///
    /// ```
    /// use companion_core::CoreError;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// let nobody = companion_core::domain::DocumentId::new([1; 16]);
    /// assert!(matches!(clinic.retire_flag_rule(nobody), Err(CoreError::NotFound(_))));
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn retire_flag_rule(&self, rule: DocumentId) -> Result<()> {
        let at = self.now();
        let view = self.own.get::<FlagRule>(rule)?;
        let retired = self.own.edit::<FlagRule>(rule, &view.revision, |rule| {
            rule.retired_at.get_or_insert(at);
        });
        retired.map(drop)
    }
}
