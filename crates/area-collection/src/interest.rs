//! Interest on members' money (积数计息): being written.
