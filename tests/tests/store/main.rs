//! The store against a real PostgreSQL.

mod durability;
mod lists;
mod people;
mod speed;
mod time;
