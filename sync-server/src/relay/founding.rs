//! New spaces: each costs a grant that a registered clinic signed.

use std::sync::Arc;

use companion_protocol::api::{ErrorCode, SpaceHead};
use companion_protocol::chain::Chain;
use companion_protocol::grant::{Grant, GrantError};
use companion_protocol::id::MemberId;
use companion_protocol::statement::Statement;

use super::Relay;
use super::membership::refuse_statement;
use crate::refusal::Refusal;
use crate::storage::{Founded, Founding};

impl Relay {
    /// Founds a space. Asking again with the same founding statement is answered the same way.
    pub(crate) fn found(
        &self,
        member: MemberId,
        grant: &[u8],
        body: &[u8],
    ) -> Result<SpaceHead, Refusal> {
        self.counter.signatures(2);
        let statement = Statement::parse(body).map_err(|why| refuse_statement(why.to_string()))?;
        let chain = Chain::start(&statement).map_err(|why| refuse_statement(why.to_string()))?;
        // After a restore any member may offer a space again that the backup lacks.
        if statement.author() != member && !self.catching_up() {
            return Err(Refusal::forbidden());
        }
        let grant = Grant::parse(grant).map_err(|why| match why {
            GrantError::Malformed(_) => Refusal::bad(why.to_string()),
            GrantError::BadSignature => unusable("the grant's signature does not fit"),
        })?;
        if grant.terms().founder != statement.author() {
            return Err(unusable("the grant is for another founder"));
        }
        if self.now_ms() > grant.terms().expires_at_ms && !self.catching_up() {
            return Err(unusable("the grant is over"));
        }
        let founded = self.storage.create_space(Founding {
            space: statement.space(),
            founder: statement.author(),
            statement: statement.bytes().to_vec(),
            hash: statement.hash(),
            issuer: grant.issuer(),
            serial: grant.terms().serial,
            max_bytes: grant.terms().max_bytes,
            at_ms: self.clock.now_ms(),
        })?;
        match founded {
            Founded::Created(head) => {
                self.hints.publish(head, &chain);
                self.chains.keep(Arc::new(chain));
                Ok(head)
            }
            Founded::AlreadyThere(head) => {
                // A founder that was removed since learns no more of it than anybody else.
                self.as_member(member, head.space).map(|_| head)
            }
            Founded::UnknownIssuer => Err(unusable("the grant is of no clinic registered here")),
            Founded::GrantUsed => Err(unusable("the grant was used for another space")),
            Founded::QuotaExceeded => Err(Refusal::new(
                ErrorCode::QuotaExceeded,
                "the clinic's room here is used up",
            )),
        }
    }
}

fn unusable(message: &str) -> Refusal {
    Refusal::new(ErrorCode::GrantUnusable, message)
}
