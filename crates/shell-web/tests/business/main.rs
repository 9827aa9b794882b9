//! The business half of the live server in a real browser: from an employer's list to the receipt it can hold in hands, every page
//! sound, every export a workbook that can be read again.
//!
//! With `ANJU_PICTURES=DIR` every page is also saved as a picture, at a desk and on a phone.

#[path = "../live/bed.rs"]
mod bed;
mod exports;
mod jobs;
mod journey;
mod pages;

use testkit::browser::Browser;

#[test]
fn the_business_pages_in_a_browser() {
    let bed = bed::Bed::start("0.002", "2025-09-04");
    let mut browser = Browser::start();
    let walked = journey::from_a_list_to_its_receipt(&bed, &mut browser);
    journey::a_spoiled_list_names_row_column_and_remedy(&bed, &mut browser, &walked);
    journey::an_officer_sees_no_other_employer(&bed, &mut browser, &walked);
    journey::a_look_in_the_clear_is_recorded(&bed, &mut browser, &walked);
    pages::every_page_is_sound(&bed, &mut browser, &walked);
    jobs::ten_jobs_without_a_mouse(&bed, &mut browser, &walked);
    exports::every_list_and_statement_can_be_read_again(&bed, &walked);
}
