//! Dated parameters with their law: families, steps, citations, lookup on a day, timeline, digest.
