package simulator

import "time"

func october(date int) day { return day{2026, time.October, date} }

// newcomers are the scenes of phones that the salon has never heard of.
func newcomers() map[string]scene {
	start := october(6).at("10:00")
	return map[string]scene{
		"S01": {
			now: start, phone: "+447700900101", name: "Noor",
			days: []sceneDay{{
				date: october(9),
				free: map[string][]string{
					"salma": {"10:30-11:30", "17:00-18:00"},
					"dana":  {"12:30-13:30", "18:00-19:00"},
				},
				off: []string{"omar", "bruno"},
			}},
		},
		"S04": {now: start, phone: "+447700900104", name: "Vera"},
		"S05": {
			now: start, phone: "+447700900105", name: "Chloe",
			days: []sceneDay{{date: october(8), free: map[string][]string{"bruno": {"11:00-11:50"}}}},
		},
		"S06": {now: start, phone: "+447700900106", name: "✨✨"},
		"S08": {
			now: start, phone: "+447700900108", name: "Lina",
			days: []sceneDay{{
				date: october(8),
				free: map[string][]string{"dana": {"10:00-10:30"}, "salma": {"11:30-12:00"}},
			}},
		},
		"S13": {
			now: start, phone: "+447700900113", name: "Olivia",
			days: []sceneDay{{date: october(8), free: map[string][]string{"iris": {"10:00-12:00", "15:30-17:30"}}}},
		},
		"S17": {
			now: october(8).at("12:00"), phone: "+447700900117", name: "🌙Dal🌙",
			days: []sceneDay{{
				date: october(13),
				free: map[string][]string{"salma": {"10:30-11:10"}, "omar": {"11:30-12:10"}},
			}},
		},
	}
}

// regulars are the scenes of returning customers who have nothing booked.
func regulars() map[string]scene {
	start := october(6).at("10:00")
	return map[string]scene{
		"S07": {
			now: start, phone: "+447700900107", name: "Greta", surname: "Lindqvist",
			days: []sceneDay{{
				date: october(9),
				free: map[string][]string{"dana": {"16:00-17:00"}, "salma": {"16:00-17:00"}},
				off:  []string{"iris", "omar", "bruno"},
			}},
		},
		"S10": {
			now: start, phone: "+447700900110", name: "Paula", surname: "Vidal",
			days: []sceneDay{{date: october(9), free: map[string][]string{"dana": {"10:00-12:00"}}}},
		},
		"S12": {
			now: october(16).at("10:00"), phone: "+447700900112", name: "Karim", surname: "Nasser",
			days: []sceneDay{{date: october(19), free: map[string][]string{"iris": {"11:00-12:00", "16:00-17:00"}}}},
		},
		"S15": {
			now: october(8).at("12:00"), phone: "+447700900115", name: "Felix", surname: "Brandt",
			days: []sceneDay{{date: october(13), free: map[string][]string{"dana": {"10:00-12:00"}}}},
		},
		"S18": {
			now: october(8).at("13:00"), phone: "+447700900118", name: "Maya", surname: "Ortega",
			days: []sceneDay{{
				date: october(8),
				free: map[string][]string{
					"salma": {"16:30-17:30"},
					"bruno": {"18:00-19:00"},
					"omar":  {"13:30-14:10"},
				},
			}},
		},
	}
}
