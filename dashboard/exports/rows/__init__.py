"""Listed rows taken away: CSV, XLSX and GeoPackage, each saying first what it holds."""
