package understand

import (
	"encoding/json"
	"os"
	"time"

	"frontdesk/models"
)

// now is the default moment of the scenarios: Tuesday 6 October 2026, 10:00 in Madrid.
var (
	madrid = mustZone("Europe/Madrid")
	now    = time.Date(2026, time.October, 6, 10, 0, 0, 0, madrid)
)

func mustZone(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return zone
}

// salon is the menu of the scenarios, with no more synonyms than they ask for.
func salon() Vocabulary {
	raw, err := os.ReadFile("phrases/salon.json")
	if err != nil {
		panic(err)
	}
	var v Vocabulary
	if err := json.Unmarshal(raw, &v); err != nil {
		panic(err)
	}
	return v
}

// slotOptions are the two times of S01.
func slotOptions() []models.Option {
	return []models.Option{{ID: "slot:0", Title: "Fri 10:30 Salma"}, {ID: "slot:1", Title: "Fri 12:30 Dana"}}
}
