//! Administration (行政与运维): users, roles, sessions, policy overrides.
