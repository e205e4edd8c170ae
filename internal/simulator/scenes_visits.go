package simulator

import "time"

func august(date int) day    { return day{2026, time.August, date} }
func september(date int) day { return day{2026, time.September, date} }

// visitors are the scenes of returning customers whose visits, past or to come, the scenario speaks of.
func visitors() map[string]scene {
	cut := []string{"CUT"}
	return map[string]scene{
		"S02": {
			now: october(9).at("12:00"), phone: "+447700900102", name: "Elena", surname: "Marín",
			visits: []sceneVisit{
				{services: cut, stylist: "omar", at: august(11).at("16:00"), paid: august(6).at("17:20"), done: true},
				{services: cut, stylist: "omar", at: september(8).at("16:30"), paid: september(3).at("12:40"), done: true},
				{services: cut, stylist: "omar", at: october(13).at("10:00"), paid: october(2).at("11:30")},
			},
			days: []sceneDay{{date: october(13), free: map[string][]string{"omar": {"16:00-16:40", "17:00-17:40"}}}},
		},
		"S03": {
			now: october(8).at("15:00"), phone: "+447700900103", name: "Hala", surname: "Saab",
			visits: []sceneVisit{{services: cut, stylist: "dana", at: october(8).at("17:00"), paid: october(2).at("18:10")}},
		},
		"S09": {
			now: october(6).at("16:00"), phone: "+447700900109", name: "Tamara", surname: "Kovač",
			visits: []sceneVisit{{services: []string{"GEL_MANI"}, stylist: "iris", at: october(8).at("16:00"), paid: october(1).at("12:04")}},
		},
		"S11": {
			now: october(8).at("17:10"), phone: "+447700900111", name: "Adrian", surname: "Costa",
			visits: []sceneVisit{
				{services: []string{"CUT_MEN"}, stylist: "bruno", at: october(8).at("17:00"), paid: october(5).at("13:15")},
				{
					services: []string{"CUT_MEN"}, stylist: "bruno", at: october(8).at("17:40"), paid: october(6).at("10:45"),
					guest: &guest{"Hugo", "Silva"},
				},
			},
		},
		"S14": {
			now: october(8).at("22:00"), phone: "+447700900114", name: "Miriam", surname: "Levi",
			visits: []sceneVisit{{services: cut, stylist: "salma", at: october(9).at("10:00"), paid: october(5).at("21:30")}},
			days: []sceneDay{{
				date: october(14),
				free: map[string][]string{"salma": {"10:30-11:10"}, "dana": {"11:30-12:10"}},
			}},
		},
		"S16": {
			now: october(6).at("10:00"), phone: "+447700900116", name: "Rania", surname: "Haddad",
			visits: []sceneVisit{{
				services: []string{"CUT", "SCALP_CALM"}, stylist: "salma",
				at: september(7).at("11:00"), paid: september(2).at("19:05"), done: true,
			}},
			days: []sceneDay{{date: october(8), free: map[string][]string{"salma": {"11:00-12:30", "16:00-17:30"}}}},
		},
	}
}
