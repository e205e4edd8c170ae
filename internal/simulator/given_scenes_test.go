package simulator

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"frontdesk/models"
)

// beginning is what a Given promises, as the product must see it.
type beginning struct {
	who    string   // "phone name surname", the surname only of somebody known
	now    string   // of the salon's wall
	visits []string // as shown, in the order they were booked
	free   []offer
}

// offer is what the salon's own search finds for a service on a day, of any stylist who does it.
type offer struct {
	date     day
	minutes  int
	category models.Category
	want     string
}

func cutOn(date day, want string) offer { return offer{date, 40, models.Hair, want} }

const everyCut = "10:00 Bruno, 10:00 Dana, 10:00 Omar, 10:00 Salma"

var beginnings = map[string]beginning{
	"S01": {"+447700900101 Noor", "2026-10-06T10:00:00+02:00", nil, []offer{
		{october(9), 60, models.Hair, "10:30 Salma, 12:30 Dana, 17:00 Salma, 18:00 Dana"},
		{october(9), 15, models.Aesthetics, "12:30 Dana, 13:00 Dana, 18:00 Dana"},
	}},
	"S02": {"+447700900102 Elena Marín", "2026-10-09T12:00:00+02:00", []string{
		"completed CUT Omar 2026-08-11T16:00:00+02:00 16:40 2620/524 paid",
		"completed CUT Omar 2026-09-08T16:30:00+02:00 17:10 2620/524 paid",
		"confirmed CUT Omar 2026-10-13T10:00:00+02:00 10:40 2620/524 paid",
	}, []offer{cutOn(october(13), "16:00 Omar, 17:00 Omar")}},
	"S03": {"+447700900103 Hala Saab", "2026-10-08T15:00:00+02:00", []string{
		"confirmed CUT Dana 2026-10-08T17:00:00+02:00 17:40 2620/524 paid",
	}, nil},
	"S04": {"+447700900104 Vera", "2026-10-06T10:00:00+02:00", nil, []offer{cutOn(october(7), everyCut)}},
	"S05": {"+447700900105 Chloe", "2026-10-06T10:00:00+02:00", nil, []offer{{october(8), 50, models.Hair, "11:00 Bruno"}}},
	"S06": {"+447700900106 ✨✨", "2026-10-06T10:00:00+02:00", nil, []offer{cutOn(october(10), everyCut)}},
	"S07": {"+447700900107 Greta Lindqvist", "2026-10-06T10:00:00+02:00", nil, []offer{cutOn(october(9), "16:00 Dana, 16:00 Salma")}},
	"S08": {"+447700900108 Lina", "2026-10-06T10:00:00+02:00", nil, []offer{{october(8), 15, models.Hair, "10:00 Dana, 11:30 Salma"}}},
	"S09": {"+447700900109 Tamara Kovač", "2026-10-06T16:00:00+02:00", []string{
		"confirmed GEL_MANI Iris 2026-10-08T16:00:00+02:00 17:30 4070/814 paid",
	}, nil},
	"S10": {"+447700900110 Paula Vidal", "2026-10-06T10:00:00+02:00", nil, []offer{{october(9), 110, models.Hair, "10:00 Dana"}}},
	"S11": {"+447700900111 Adrian Costa", "2026-10-08T17:10:00+02:00", []string{
		"confirmed CUT_MEN Bruno 2026-10-08T17:00:00+02:00 17:40 1750/350 paid",
	}, nil},
	"S12": {"+447700900112 Karim Nasser", "2026-10-16T10:00:00+02:00", nil, []offer{{october(19), 60, models.Aesthetics, "11:00 Iris, 16:00 Iris"}}},
	"S13": {"+447700900113 Olivia", "2026-10-06T10:00:00+02:00", nil, []offer{{october(8), 105, models.Aesthetics, "10:00 Iris, 15:30 Iris"}}},
	"S14": {"+447700900114 Miriam Levi", "2026-10-08T22:00:00+02:00", []string{
		"confirmed CUT Salma 2026-10-09T10:00:00+02:00 10:40 2620/524 paid",
	}, []offer{cutOn(october(14), "10:30 Salma, 11:30 Dana")}},
	"S15": {"+447700900115 Felix Brandt", "2026-10-08T12:00:00+02:00", nil, []offer{{october(13), 95, models.Hair, "10:00 Dana"}}},
	"S16": {"+447700900116 Rania Haddad", "2026-10-06T10:00:00+02:00", []string{
		"completed CUT+SCALP_CALM Salma 2026-09-07T11:00:00+02:00 12:10 4710/942 paid",
	}, []offer{{october(8), 70, models.Hair, "11:00 Salma, 16:00 Salma"}}},
	"S17": {"+447700900117 🌙Dal🌙", "2026-10-08T12:00:00+02:00", nil, []offer{cutOn(october(13), "10:30 Salma, 11:30 Omar"), cutOn(october(12), "")}},
	"S18": {"+447700900118 Maya Ortega", "2026-10-08T13:00:00+02:00", nil, []offer{cutOn(october(8), "16:30 Salma, 18:00 Bruno")}},
}

// Every scenario begins as it says, in every language, whichever was given before.
func TestGiven(t *testing.T) {
	b := newBench(t)
	names := slices.Sorted(maps.Keys(beginnings))
	if known := slices.Sorted(maps.Keys(scenes())); !slices.Equal(names, known) || len(known) != 18 {
		t.Fatalf("scenes %v, want S01 to S18", known)
	}
	for _, lang := range models.Languages() {
		for _, name := range names {
			b.mustBegin(name, lang)
		}
		slices.Reverse(names)
	}
}

func (b *bench) mustBegin(name, lang string) {
	b.t.Helper()
	want := beginnings[name]
	phone, rest, _ := strings.Cut(want.who, " ")
	profile, surname, known := strings.Cut(rest, " ")
	status, answer := b.control("given", map[string]any{"scenario": name, "lang": lang})
	if status != 200 || answer["phone"] != phone || answer["name"] != profile || answer["now"] != want.now {
		b.t.Fatalf("%s in %s: %d %v", name, lang, status, answer)
	}
	if now := b.cfg.Clock.Now().Format(time.RFC3339); !sameTime(now, want.now) {
		b.t.Errorf("%s: the clock stands at %s", name, now)
	}
	_, state := b.call("GET", "/control/state?phone="+phone[1:], nil)
	customer := map[string]any{"name": profile, "surname": surname, "language": lang, "phone": phone}
	if !known && state["customer"] != nil || known && fmt.Sprint(state["customer"]) != fmt.Sprint(customer) {
		b.t.Errorf("%s in %s: customer %v", name, lang, state["customer"])
	}
	if state["human_mode"] != false || fmt.Sprint(state["cases"]) != "[]" || fmt.Sprint(state["orders"]) != "[]" {
		b.t.Errorf("%s: state %v", name, state)
	}
	if got := shown(state); state["appointments"] == nil || !slices.Equal(got, want.visits) {
		b.t.Errorf("%s: visits\n got %q\nwant %q", name, got, want.visits)
	}
	for _, o := range want.free {
		if got := b.free(o.date, o.minutes, o.category); got != o.want && (o.want != everyCut || !strings.HasPrefix(got, everyCut)) {
			b.t.Errorf("%s: free on %d %s for %d minutes: %q, want %q", name, o.date.day, o.date.month, o.minutes, got, o.want)
		}
	}
	if n := b.number("SELECT count(*) FROM river_job"); n != 0 {
		b.t.Errorf("%s: %d jobs are left to run", name, n)
	}
}

func sameTime(a, b string) bool {
	x, errX := time.Parse(time.RFC3339, a)
	y, errY := time.Parse(time.RFC3339, b)
	return errX == nil && errY == nil && x.Equal(y)
}

// shown are the visits of a state, one line each.
func shown(state map[string]any) []string {
	var lines []string
	list, _ := state["appointments"].([]any)
	for _, v := range list {
		services := strings.Trim(strings.ReplaceAll(fmt.Sprint(value(v, "services")), " ", "+"), "[]")
		lines = append(lines, fmt.Sprintf("%v %s %v %v %.5s %v/%v %v", value(v, "status"), services, value(v, "stylist"),
			value(v, "starts_at"), value(v, "ends_at").(string)[len("2026-10-06T"):], value(v, "total_minor"), value(v, "deposit_minor"), value(v, "deposit_state")))
	}
	return lines
}
