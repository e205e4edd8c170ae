package queue

import (
	"github.com/riverqueue/river"

	"frontdesk/models"
)

// CatalogueSync makes the catalogue what the product feed says.
type CatalogueSync struct {
	RunID models.ID `json:"run_id"`
}

// Kind is how the console and the dead letters name it.
func (CatalogueSync) Kind() string { return "catalogue.sync" }

// InsertOpts gives a sync a few tries: whoever wants the shop up to date asks again, or the night does.
func (CatalogueSync) InsertOpts() river.InsertOpts { return opts(5) }
