//! Files people use: Excel, CSV and bank notice files in; Excel and PDF out.
