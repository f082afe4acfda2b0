//! Which objects a change makes, and inside which others: how deep fields are nested follows from a
//! change and what it builds upon, whether or not the object is visible in the end.
//!
//! Measured reason: read from what is visible, a nested change was refused alone and taken beside one
//! that hid it. Two replicas that heard of the two at different times would then disagree.

use super::Refusal;
use super::cursor::Cursor;

/// An object that an operation of a change makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Made {
    /// Which operation of its change made it, from zero.
    pub(super) operation: u64,
    /// The object that it is in; `None` for the root.
    pub(super) parent: Option<Parent>,
    /// Whether it is a text, in which nothing is nested.
    pub(super) is_text: bool,
}

/// The object that another one is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parent {
    /// Who made it: zero for the change itself, otherwise one more than the position among the other
    /// actors of the change.
    pub(super) actor: u64,
    /// Number of the operation that made it.
    pub(super) counter: u64,
}

/// Reads the objects from the columns that hold the actions, and the actor and counter of the object
/// that each operation is in.
pub(super) fn made(
    actions: Cursor<'_>,
    object_actors: Cursor<'_>,
    object_counters: Cursor<'_>,
) -> Result<Vec<Made>, Refusal> {
    let mut actions = Runs::new(actions);
    let mut object_actors = Runs::new(object_actors);
    let mut object_counters = Runs::new(object_counters);
    let mut made = Vec::new();
    while actions.next()? {
        // Make a map, a list, a text, a table. Everything else makes no object.
        let is_text = match actions.value {
            Some(0 | 2 | 6) => false,
            Some(4) => true,
            _ => continue,
        };
        for operation in actions.start..actions.end {
            let actor = object_actors.at(operation)?;
            let counter = object_counters.at(operation)?;
            let parent = actor.zip(counter.filter(|counter| *counter > 0));
            made.push(Made {
                operation,
                parent: parent.map(|(actor, counter)| Parent { actor, counter }),
                is_text,
            });
        }
    }
    Ok(made)
}

/// The runs of a column of numbers, one after the other. Their lengths have been checked.
struct Runs<'a> {
    column: Cursor<'a>,
    /// How many values are still to come of those that are written out one by one.
    literals: u64,
    value: Option<u64>,
    start: u64,
    end: u64,
}

impl<'a> Runs<'a> {
    fn new(column: Cursor<'a>) -> Self {
        Self {
            column,
            literals: 0,
            value: None,
            start: 0,
            end: 0,
        }
    }

    /// Goes on to the next run; `false` at the end.
    fn next(&mut self) -> Result<bool, Refusal> {
        self.start = self.end;
        if self.literals == 0 {
            if self.column.is_empty() {
                self.value = None;
                return Ok(false);
            }
            let count = self.column.signed()?;
            let length = count.unsigned_abs();
            match count {
                0 => {
                    self.value = None;
                    self.end = self.end.saturating_add(self.column.unsigned()?);
                    return Ok(true);
                }
                1.. => {
                    self.value = Some(self.column.unsigned()?);
                    self.end = self.end.saturating_add(length);
                    return Ok(true);
                }
                _ => self.literals = length,
            }
        }
        self.literals -= 1;
        self.value = Some(self.column.unsigned()?);
        self.end = self.end.saturating_add(1);
        Ok(true)
    }

    /// The value at a position, which must not be before the last one asked for. A column that ends
    /// early holds nothing from there on.
    fn at(&mut self, position: u64) -> Result<Option<u64>, Refusal> {
        while position >= self.end {
            if !self.next()? {
                return Ok(None);
            }
        }
        Ok(self.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_literals_and_gaps_are_read_at_their_positions() {
        // Three fives, the literals 7 and 8, two nulls, one nine.
        let column = [3, 5, 0x7e, 7, 8, 0, 2, 1, 9];
        let mut runs = Runs::new(Cursor::new(&column));
        let values: Vec<_> = (0..9).map(|at| runs.at(at).ok().flatten()).collect();
        let (five, none) = (Some(5), None);
        assert_eq!(
            values,
            [
                five,
                five,
                five,
                Some(7),
                Some(8),
                none,
                none,
                Some(9),
                none
            ]
        );
        let mut runs = Runs::new(Cursor::new(&column));
        assert_eq!(runs.at(7), Ok(Some(9)));
    }
}
