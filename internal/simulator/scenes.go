package simulator

import (
	"maps"
	"time"
)

// scene is the Given of a scenario. The days it names are closed but for the windows listed and the
// visits that stand there, for every stylist. All other days keep their ordinary opening hours:
// scenarios whose day is full lead to the next dates with options (S18's boundary), and any other
// phone may book there.
type scene struct {
	now     moment
	phone   string
	name    string // profile name, and a returning customer's name
	surname string // of a returning customer; empty: nobody the salon knows
	visits  []sceneVisit
	days    []sceneDay
}

// sceneVisit is a visit that was booked and paid for before the scene begins. Of several those of one
// customer stand in the order in which they were booked.
type sceneVisit struct {
	services []string
	stylist  string
	at       moment
	paid     moment // when the deposit was received
	done     bool   // the customer was here, and it is over
	guest    *guest // nil: the scene's own customer
}

// guest is somebody else, known by name alone: no phone that plays is anybody but the scene's customer
// or new to the salon.
type guest struct{ name, surname string }

// sceneDay is a day of the diaries.
type sceneDay struct {
	date day
	free map[string][]string // stylist → windows "10:30-11:30", in order
	off  []string            // stylists who are not there
}

// day is a date of the salon's wall calendar.
type day struct {
	year  int
	month time.Month
	day   int
}

// clock is a wall time, "10:30", of the day.
func (d day) clock(zone *time.Location, wall string) time.Time {
	at, err := time.Parse("15:04", wall)
	if err != nil {
		panic("a scene's wall time must be HH:MM: " + wall) // scenes are constants of this package
	}
	return time.Date(d.year, d.month, d.day, at.Hour(), at.Minute(), 0, 0, zone)
}

// at is a wall time on the day.
func (d day) at(wall string) moment { return moment{d, wall} }

// moment is a wall time on a day.
type moment struct {
	day
	wall string
}

func (m moment) in(zone *time.Location) time.Time { return m.clock(zone, m.wall) }

// knownSince is when returning customers first came into the books: before all of their visits.
var knownSince = day{2026, time.August, 3}.at("10:00")

// scenes are the scenarios that can be given (scenarios section 5).
func scenes() map[string]scene {
	all := map[string]scene{}
	for _, some := range []map[string]scene{newcomers(), regulars(), visitors()} {
		maps.Copy(all, some)
	}
	return all
}
