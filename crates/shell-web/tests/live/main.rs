//! The live server in a real browser, over a small centre whose rows all came through the pipeline.
//!
//! One browser and one centre serve all journeys, one after the other: starting them costs more than walking. With
//! `ANJU_PICTURES=DIR` every page is also saved as a picture, at a desk and on a phone.

mod bed;
mod journeys;
mod pages;

use testkit::browser::Browser;

#[test]
fn the_live_server_in_a_browser() {
    let bed = bed::Bed::start("0.002", "2025-09-04");
    let mut browser = Browser::start();
    journeys::sign_in_needs_both_factors(&bed, &mut browser);
    journeys::a_case_is_refused_to_its_own_maker_and_approved_by_another(&bed, &mut browser);
    journeys::a_returned_case_is_corrected_in_place(&bed, &mut browser);
    journeys::an_approval_comes_back_when_the_facts_moved(&bed, &mut browser);
    journeys::forms_not_made_by_us_are_refused(&bed, &mut browser);
    pages::every_page_is_sound(&bed, &mut browser);
}
