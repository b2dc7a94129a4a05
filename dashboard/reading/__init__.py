"""What the pages, the API and the commands all read: a view of the record, and its figures."""
