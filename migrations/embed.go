// Package migrations holds the numbered SQL that makes the database. A migration that has run
// anywhere is never edited; a change is a new file.
package migrations

import "embed"

// Files are the migrations, in order of their numbers.
//
//go:embed *.sql
var Files embed.FS
