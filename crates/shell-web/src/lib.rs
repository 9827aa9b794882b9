//! Pages and JSON API, server-rendered, Chinese interface.
