//! What a screen says is so, also where people edit apart, clocks lie and acts are repeated.

mod after_the_end;
mod apart;
mod as_it_stood;
mod at_one_instant;
mod booking;
mod clinic_backup;
mod clinic_restore;
mod clocks;
mod copies;
mod costs;
mod moved_server;
mod named;
mod programme;
mod rebooking;
mod receipts;
mod register;
mod seen;
mod sessions;
mod shared_apart;
mod visits;
mod who_was_there;
mod withdrawn;
mod words;
