//! New spaces: each costs a grant that a registered clinic signed for its founder.

use std::sync::Arc;

use companion_protocol::api::{ErrorCode, SpaceHead, UNKNOWN_CLINIC};
use companion_protocol::chain::Chain;
use companion_protocol::grant::{Grant, GrantError};
use companion_protocol::id::MemberId;
use companion_protocol::statement::Statement;

use super::Relay;
use super::ending::forgotten;
use super::membership::refuse_statement;
use crate::refusal::Refusal;
use crate::storage::{Founded, Founding};

impl Relay {
    /// Whether a founding statement of this signer is worth reading: it brings a good grant of its
    /// own. After a restore any member may bring a space again that the backup lacks.
    pub(crate) fn may_found(&self, signer: MemberId, grant: &[u8]) -> Result<Grant, Refusal> {
        self.counter.signatures(1);
        let grant = Grant::parse(grant).map_err(|why| match why {
            GrantError::Malformed(_) => Refusal::bad(why.to_string()),
            GrantError::BadSignature => {
                unusable("the grant's signature does not fit", "bad_signature")
            }
        })?;
        if !self.storage.is_clinic(grant.issuer())? {
            return Err(unusable(
                "the grant is of no clinic registered here",
                UNKNOWN_CLINIC,
            ));
        }
        if !self.catching_up() {
            if grant.terms().founder != signer {
                return Err(unusable(
                    "the grant is for another founder",
                    "other_founder",
                ));
            }
            if self.now_ms() > grant.terms().expires_at_ms {
                return Err(unusable("the grant is over", "over"));
            }
        }
        Ok(grant)
    }

    /// Founds a space. Asking again with the same founding statement is answered the same way.
    pub(crate) fn found(
        &self,
        signer: MemberId,
        grant: &Grant,
        body: &[u8],
    ) -> Result<SpaceHead, Refusal> {
        self.counter.signatures(1);
        let statement =
            Statement::parse(body).map_err(|why| refuse_statement(why.to_string(), "malformed"))?;
        let chain = Chain::start(&statement)
            .map_err(|why| refuse_statement(why.to_string(), why.name()))?;
        let terms = grant.terms();
        if statement.author() != terms.founder {
            return Err(unusable(
                "the grant is for another founder",
                "other_founder",
            ));
        }
        // Only what was founded before the restore, and in time, comes back by a grant that is over.
        let given_back = self
            .life
            .restored_at_ms
            .and_then(|at| u64::try_from(at).ok())
            .is_some_and(|at| self.catching_up() && statement.made_at_ms() <= at);
        let in_time = if given_back {
            statement.made_at_ms() <= terms.expires_at_ms
        } else {
            self.now_ms() <= terms.expires_at_ms
        };
        if !in_time {
            return Err(unusable("the grant is over", "over"));
        }
        if statement.author() != signer && !given_back {
            return Err(Refusal::forbidden());
        }
        let founded = self.storage.create_space(Founding {
            space: statement.space(),
            founder: statement.author(),
            statement: statement.bytes().to_vec(),
            hash: statement.hash(),
            issuer: grant.issuer(),
            serial: terms.serial,
            max_bytes: terms.max_bytes,
            vouched: !given_back,
        })?;
        match founded {
            Founded::Created(head) => {
                self.hints.publish(head, &chain);
                self.chains.keep(Arc::new(chain));
                Ok(head)
            }
            Founded::AlreadyThere(head) => {
                // A founder that was removed since learns no more of it than anybody else.
                self.as_member(signer, head.space).map(|_| head)
            }
            Founded::UnknownIssuer => Err(unusable(
                "the grant is of no clinic registered here",
                UNKNOWN_CLINIC,
            )),
            Founded::GrantUsed => Err(unusable("the grant was used for another space", "used")),
            Founded::Forgotten => Err(forgotten()),
            Founded::QuotaExceeded => Err(Refusal::new(
                ErrorCode::QuotaExceeded,
                "the clinic's room here is used up",
            )),
        }
    }
}

fn unusable(message: &str, reason: &str) -> Refusal {
    Refusal::new(ErrorCode::GrantUnusable, message).with("reason", reason)
}
