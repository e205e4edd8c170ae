package simulator

import "time"

// scene is the Given of a scenario. The days it names are closed but for the windows listed, for
// every stylist. All other days keep their ordinary opening hours: scenarios whose day is full lead
// to the next dates with options (S18's boundary), and any other phone may book there.
type scene struct {
	now     moment
	phone   string
	name    string // profile name, and a returning customer's name
	surname string // of a returning customer; empty: nobody the salon knows
	days    []sceneDay
}

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
		panic("a scene's wall time must be HH:MM: " + wall) // scenes are constants of this file
	}
	return time.Date(d.year, d.month, d.day, at.Hour(), at.Minute(), 0, 0, zone)
}

// moment is a wall time on a day.
type moment struct {
	day
	wall string
}

func (m moment) at(zone *time.Location) time.Time { return m.clock(zone, m.wall) }

// scenes are the scenarios that can be given (scenarios section 5).
func scenes() map[string]scene {
	var (
		tuesday  = day{2026, time.October, 6}
		thursday = day{2026, time.October, 8}
		friday   = day{2026, time.October, 9}
	)
	return map[string]scene{
		"S01": {
			now: moment{tuesday, "10:00"}, phone: "+447700900101", name: "Noor",
			days: []sceneDay{{
				date: friday,
				free: map[string][]string{
					"salma": {"10:30-11:30", "17:00-18:00"},
					"dana":  {"12:30-13:30", "18:00-19:00"},
				},
				off: []string{"omar", "bruno"},
			}},
		},
		"S08": {
			now: moment{tuesday, "10:00"}, phone: "+447700900108", name: "Lina",
			days: []sceneDay{{
				date: thursday,
				free: map[string][]string{"dana": {"10:00-10:30"}, "salma": {"11:30-12:00"}},
			}},
		},
		"S10": {
			now: moment{tuesday, "10:00"}, phone: "+447700900110", name: "Paula", surname: "Vidal",
			days: []sceneDay{{date: friday, free: map[string][]string{"dana": {"10:00-12:00"}}}},
		},
		"S13": {
			now: moment{tuesday, "10:00"}, phone: "+447700900113", name: "Olivia",
			days: []sceneDay{{
				date: thursday,
				free: map[string][]string{"iris": {"10:00-12:00", "15:30-17:30"}},
			}},
		},
		"S18": {
			now: moment{thursday, "13:00"}, phone: "+447700900118", name: "Maya", surname: "Ortega",
			days: []sceneDay{{
				date: thursday,
				free: map[string][]string{
					"salma": {"16:30-17:30"},
					"bruno": {"18:00-19:00"},
					"omar":  {"13:30-14:10"},
				},
			}},
		},
	}
}
