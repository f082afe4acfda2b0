//! The clinic's people, as a patient sees them: who they are, and what of a record each may open.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::text::{Named, named};
use super::{
    Belongs, Content, Field, Index, Invalid, ItemId, Kind, Moment, Ordered, Placement,
    RecordSections, Shape, Writers, limits, nickname, text,
};

const PEOPLE: Named = named("people", "people");
const NAME: Named = named("people", "a person's name");
const ROLE: Named = named("people", "a person's role");
const AT: Named = named("at", "the time");

/// The people who sign in at the clinic. Nothing here is a secret of theirs: names, roles, and the sections that
/// the clinic's own console opens to each. It is the clinic's word, and its console keeps to it; its node can read
/// all that is shared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct People {
    /// All of them, by name.
    #[serde(default)]
    pub people: Ordered<Person>,
    /// Since when it is so.
    pub at: Moment,
}

/// One of the clinic's people.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Person {
    /// The name that patients see, at most 120 characters.
    pub name: String,
    /// What they are at the clinic, in words, at most 40 characters.
    pub role: String,
    /// What of a record the console opens to them.
    #[serde(default)]
    pub sections: RecordSections,
}

impl People {
    /// These people, by name. Each is an item named after them, so that two nodes of a clinic that write the same
    /// people apart write each once.
    pub fn of(people: impl IntoIterator<Item = Person>, at: Moment) -> Self {
        let mut all: Vec<Person> = people.into_iter().collect();
        all.sort();
        let mut people = Ordered::default();
        for person in all {
            people.push(person.item(), person);
        }
        Self { people, at }
    }

    /// Whether the same people stand in it, whenever that was written.
    pub fn are_the_same(&self, other: &Self) -> bool {
        let people = |of: &Self| {
            of.people
                .iter()
                .map(|(_, one)| one.clone())
                .collect::<Vec<_>>()
        };
        people(self) == people(other)
    }

    /// The person of that name, however it is spelled.
    pub fn of_name(&self, name: &str) -> Option<&Person> {
        let key = nickname::key(name);
        let mut people = self.people.iter().map(|(_, person)| person);
        people.find(|person| nickname::key(&person.name) == key)
    }
}

impl Person {
    fn item(&self) -> ItemId {
        let digest = Sha256::digest(nickname::key(&self.name));
        let mut named = [0; ItemId::LENGTH];
        named
            .iter_mut()
            .zip(digest)
            .for_each(|(to, from)| *to = from);
        ItemId::new(named)
    }
}

impl Content for People {
    const KIND: Kind = Kind::named("people");
    const SHAPE: Shape = Shape::new(&[
        Field::ordered(
            "people",
            &[
                Field::value("name"),
                Field::value("role"),
                Field::value("sections"),
            ],
        ),
        Field::value("at"),
    ]);
    const PLACEMENT: Placement = Placement::Care;
    const WRITERS: Writers = Writers::Clinic;
    const BELONGS: Belongs = Belongs::ToNone;

    fn checked(self) -> Result<Self, Invalid> {
        let people = self.people.each_checked(PEOPLE, limits::PEOPLE, |person| {
            Ok(Person {
                name: text::needed_line(&person.name, NAME, limits::NAME)?,
                role: text::needed_line(&person.role, ROLE, limits::WORD)?,
                ..person
            })
        })?;
        text::moment(self.at, AT)?;
        Ok(Self { people, ..self })
    }

    fn index(&self) -> Index {
        Index {
            at: Some(self.at),
            ..Index::default()
        }
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        let example = |n: u8| {
            People::of(
                [Person {
                    name: format!("Maya Lindqvist {n}"),
                    role: format!("therapist {n}"),
                    sections: [super::RecordSection::example(n)].into(),
                }],
                Moment::utc(1_795_465_113_123 + i64::from(n)),
            )
        };
        (1..=3).map(example).collect()
    }
}
