//! Gives the pieces of a script to a centre; a piece that was begun before is given again, as after a crash.

use std::collections::HashMap;

use core_case::ids::UnitId;
use shell_cli::demo::local::Local;
use shell_cli::place::Place;
use shell_pipeline::{Actor, Centre};
use shell_store::bootstrap;
use shell_store::people::users;
use sim::{Driver, Given, Order, Who};

use crate::script::{self, Piece};

/// A centre and those who work in it.
pub struct Player<'c> {
    centre: &'c Centre,
    local: Local<'c>,
}

/// Opens the centre that lies in a place.
pub async fn open(place: &Place) -> Result<Centre, Given> {
    place.open().await.map_err(|e| Given(format!("{e:?}")))
}

impl<'c> Player<'c> {
    /// Reads who works there.
    pub async fn new(centre: &'c Centre) -> Result<Player<'c>, Given> {
        let all = users::all(&centre.store).await.map_err(|e| Given(e.to_string()))?;
        let actors: HashMap<Who, Actor> = all
            .into_iter()
            .filter_map(|u| {
                let roles: Vec<(String, UnitId)> = u.roles;
                let actor =
                    Actor { user: u.id, login: u.login.clone(), name: u.name, kind: u.kind, unit: u.unit, employer: u.employer, roles };
                Some((script::who(&u.login)?, actor))
            })
            .chain([(Who::Batch, Actor::batch())])
            .collect();
        Ok(Player { centre, local: Local::new(centre, actors) })
    }

    /// Does a piece, or what is left of it.
    pub async fn play(&mut self, piece: &Piece) -> Result<(), Given> {
        match piece {
            Piece::Orders(orders) => {
                let orders = orders.iter().map(|(who, action, form, key)| Order {
                    who: *who,
                    action: shell_pipeline::catalogue::action(action).expect("an action of the catalogue").name,
                    form: form.clone(),
                    key: key.clone(),
                });
                self.local.orders(orders.collect(), &mut |_| {}).await.map(drop)
            }
            Piece::Approve(by, case) => self.local.approve(by, *case).await,
            Piece::Officers(of) => {
                let first = script::name(Who::Officer(of[0].0));
                let there = users::by_login(&self.centre.store, &first).await.map_err(|e| Given(e.to_string()))?;
                if there.is_some() { Ok(()) } else { self.local.officers(of).await }
            }
            Piece::DayEnd(next) => {
                let days = bootstrap::open_days(&self.centre.store).await.map_err(|e| Given(e.to_string()))?;
                let closing = days.iter().any(|(_, state)| state == "closing");
                // The day that was to open is open and nothing is left to close: it had been done.
                if self.centre.day() >= *next && !closing { Ok(()) } else { self.local.day_end(*next).await }
            }
        }
    }
}
