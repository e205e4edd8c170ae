package settings

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"frontdesk/internal/audit"
	"frontdesk/internal/clock"
	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/internal/testkit"
	"frontdesk/models"
)

func open(t *testing.T) (*Store, context.Context) {
	t.Helper()
	c, _ := clock.Fixed(time.Date(2026, 10, 6, 8, 0, 0, 0, time.UTC))
	return New(testkit.DB(t, c), c), context.Background()
}

// Every key has limits, a place and words in three languages, and its default keeps its own limits.
func TestEveryPolicyIsDescribed(t *testing.T) {
	t.Parallel()
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	var described []string
	for _, p := range All() {
		described = append(described, p.Key)
		if !slices.Contains(Groups(), p.Group) || p.Reach == "" {
			t.Errorf("%s stands in group %q and reaches %q", p.Key, p.Group, p.Reach)
		}
		switch p.Kind {
		case Number:
			if p.Min >= p.Max || p.Unit == "" {
				t.Errorf("%s has no limits or unit: %+v", p.Key, p)
			}
		case Step:
			if len(p.Choices) < 2 || p.Unit == "" {
				t.Errorf("%s has no choices or unit: %+v", p.Key, p)
			}
		case Wording, Line, Link, Tariffs:
			if p.Max == 0 {
				t.Errorf("%s may be of any length", p.Key)
			}
		case Switch, Zone, Currency:
		default:
			t.Errorf("%s is of kind %q", p.Key, p.Kind)
		}
		if why := Defaults().check(p); why != "" {
			t.Errorf("the default of %s is refused: %s", p.Key, why)
		}
		wanted := []string{"policies.key." + p.Key, "policies.meaning." + p.Key, "policies.reach." + string(p.Reach), "policies.group." + string(p.Group)}
		if p.Unit != "" {
			wanted = append(wanted, "policies.unit."+p.Unit, "policies.value."+p.Unit)
		}
		for _, lang := range models.Languages() {
			for _, key := range wanted {
				if !texts.Has(lang, key) {
					t.Errorf("%s lacks %s", lang, key)
				}
			}
		}
	}
	keys := Keys()
	slices.Sort(described)
	slices.Sort(keys)
	if !slices.Equal(described, keys) {
		t.Errorf("described are %v, there are %v", described, keys)
	}
	if wrong := Defaults().agree(); len(wrong) > 0 {
		t.Errorf("the defaults disagree: %v", wrong)
	}
}

// Each key takes what lies within its limits, ends included, and refuses what lies beyond or is of
// another type. Nothing that is refused is stored.
func TestLimits(t *testing.T) {
	t.Parallel()
	s, ctx := open(t)
	long := strings.Repeat("x", 1000)
	for _, p := range All() {
		var good, bad []any
		switch p.Kind {
		case Number:
			good, bad = []any{p.Min, p.Max}, []any{p.Min - 1, p.Max + 1, "3", 2.5, true}
		case Step:
			bad = []any{7, "15"}
			for _, n := range p.Choices {
				good = append(good, n)
			}
		case Switch:
			good, bad = []any{true, false}, []any{1, "true"}
		case Zone:
			good, bad = []any{"Africa/Cairo", "Atlantic/Canary"}, []any{"Europe/Atlantis", "", "Local", 3}
		case Currency:
			good, bad = []any{"USD", "SAR"}, []any{"JPY", "KWD", "usd", "EURO", "XXX", "ZZZ", ""}
		case Wording:
			good = []any{models.Text{"en": "A", "es": "B", "ar": "ج"}}
			bad = []any{models.Text{"en": "A", "es": "B"}, models.Text{"en": "A", "es": " ", "ar": "ج"}, "A",
				models.Text{"en": long, "es": "B", "ar": "ج"}, models.Text{"en": "{{.Name}}", "es": "B", "ar": "ج"},
				models.Text{"en": "A\nB", "es": "B", "ar": "ج"}, models.Text{"en": "A", "es": "B", "ar": "ج", "fr": "D"}}
		case Line:
			good, bad = []any{"", "💇‍♀️"}, []any{long, "a\u202eb", 4}
		case Tariffs:
			good = []any{"", "GBP 1800 9000", " USD 0 0,SAR  8000 40000 "}
			bad = []any{"GBP", "GBP 1800", "GBP 18.00 90.00", "gbp 1 2", "JPY 1 2", "GBP 1 2 3", "GBP 1 2, GBP 1 2", "GBP -1 2", "GBP 1000001 2", "GBP 1 100000001", "GBP 1 2,", ",", "GBP +1 2", 4}
		case Link:
			good, bad = []any{"", "https://luma.test/privacy"}, []any{"http://luma.test", "luma.test", "https://", "javascript:alert(1)", "https://a:b@luma.test"}
		}
		for _, value := range good {
			// Alone: what the others are decides only whether it agrees with them.
			if _, err := Defaults().with([]Change{{Key: p.Key, Value: value}}); err != nil && !disagrees(err) {
				t.Errorf("%s refuses %v: %v", p.Key, value, err)
			}
		}
		for _, value := range bad {
			if err := s.Set(ctx, p.Key, value, "staff:x"); !fault.Is(err, "settings.refused") || disagrees(err) {
				t.Errorf("%s takes %v: %v", p.Key, value, err)
			}
		}
	}
	p, err := s.Policies(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range Keys() {
		if string(p.JSON(key)) != string(Defaults().JSON(key)) {
			t.Errorf("after refusals %s is %s", key, p.JSON(key))
		}
	}
	if err := s.Set(ctx, "salon.moon", "full", "staff:x"); !fault.Is(err, "settings.unknown") {
		t.Errorf("an unknown key: %v", err)
	}
}

func disagrees(err error) bool {
	var f *fault.Fault
	if !errors.As(err, &f) {
		return false
	}
	for _, why := range f.Fields {
		if !slices.Contains([]string{"settings.warning_after_hold", "settings.staff_before_refund", "settings.more_than_most"}, why) {
			return false
		}
	}
	return len(f.Fields) > 0
}

// Policies that contradict each other are refused, at the key that would have to give way; together
// they may move past each other.
func TestPoliciesAgree(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		changes []Change
		wrong   string
	}{
		{"a warning after the hold", []Change{{Key: "hold.minutes", Value: 5}}, "hold.warn_before_min"},
		{"a warning after today's hold", []Change{{Key: "hold.warn_before_min", Value: 15}}, "hold.warn_before_min"},
		{"just before it", []Change{{Key: "hold.warn_before_min", Value: 14}}, ""},
		{"both at once", []Change{{Key: "hold.minutes", Value: 120}, {Key: "hold.minutes_same_day", Value: 90}, {Key: "hold.warn_before_min", Value: 60}}, ""},
		{"staff only for longer than refunds", []Change{{Key: "cancel.refund_hours", Value: 5}}, "cancel.staff_only_hours"},
		{"as long as refunds", []Change{{Key: "cancel.refund_hours", Value: 6}}, ""},
		{"more than the most", []Change{{Key: "slots.offer", Value: 4}}, "slots.offer"},
		{"more, with the most", []Change{{Key: "slots.offer", Value: 4}, {Key: "slots.offer_max", Value: 4}}, ""},
		{"the default of one against another", []Change{{Key: "cancel.refund_hours", Value: 2}, {Key: "cancel.staff_only_hours"}}, "cancel.staff_only_hours"},
	} {
		_, err := Defaults().with(tt.changes)
		var f *fault.Fault
		if tt.wrong == "" && err != nil || tt.wrong != "" && (!errors.As(err, &f) || f.Fields[tt.wrong] == "" || len(f.Fields) != 1) {
			t.Errorf("%s: got %v, want wrong %q", tt.name, err, tt.wrong)
		}
	}
}

// A change is logged with both values, its reason and its author; back to the default is a change too,
// and what is the same already is none.
func TestChangesAreKept(t *testing.T) {
	t.Parallel()
	s, ctx := open(t)
	change := func(value any, reason string) {
		t.Helper()
		if _, err := s.Change(ctx, Edit{Changes: []Change{{Key: "hold.minutes", Value: value}}, Actor: "staff:ana", Reason: reason}); err != nil {
			t.Fatal(err)
		}
	}
	change(45, "too short at weekends")
	change(45, "again")
	change(60, "still too short")
	change(nil, "quiet season")
	past, err := s.History(ctx, "hold.minutes")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range past {
		got = append(got, fmt.Sprint(p.Was, " ", p.Is, " ", p.Actor, " ", p.Reason))
	}
	want := []string{"60 30 staff:ana quiet season", "45 60 staff:ana still too short", "30 45 staff:ana too short at weekends"}
	if !slices.Equal(got, want) {
		t.Errorf("history is %q, want %q", got, want)
	}
	if _, err := s.Change(ctx, Edit{Changes: []Change{{Key: "hold.minutes", Value: past[1].Is}}, Actor: "staff:ben", Reason: "back"}); err != nil {
		t.Fatal(err)
	}
	states, err := s.States(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, st := range states {
		if st.Edited != (st.Key == "hold.minutes") {
			t.Errorf("%s edited: %v, in force %v, default %v", st.Key, st.Edited, st.Value, st.Default)
		}
		if st.Key == "hold.minutes" && (st.Value != 60 || st.By != "staff:ben") {
			t.Errorf("restored is %v by %s", st.Value, st.By)
		}
	}
}

// Of two editors who saw the same value the second is told, and a set of changes stands together or
// not at all.
func TestEditorsDoNotOverwriteEachOther(t *testing.T) {
	t.Parallel()
	s, ctx := open(t)
	seen := Defaults().JSON("deposit.percent")
	first := Edit{Changes: []Change{{Key: "deposit.percent", Value: 30, Seen: seen}}, Actor: "staff:ana"}
	second := Edit{Changes: []Change{{Key: "clarify.max", Value: 2}, {Key: "deposit.percent", Value: 40, Seen: seen}}, Actor: "staff:ben"}
	if _, err := s.Change(ctx, first); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Change(ctx, second); !fault.Is(err, "settings.changed_meanwhile") {
		t.Errorf("the second editor got %v", err)
	}
	p, err := s.Policies(ctx)
	if err != nil || p.DepositPercent != 30 || p.ClarifyMax != 3 {
		t.Errorf("in force are %d %% and %d (%v)", p.DepositPercent, p.ClarifyMax, err)
	}
}

// Two edits that each agree with what they saw never leave policies that disagree.
func TestEditorsTakeTurns(t *testing.T) {
	t.Parallel()
	s, ctx := open(t)
	var wg sync.WaitGroup
	errs := make([]error, 2)
	for i, c := range []Change{{Key: "hold.minutes_same_day", Value: 8}, {Key: "hold.warn_before_min", Value: 12}} {
		wg.Add(1)
		go func() { defer wg.Done(); errs[i] = s.Set(ctx, c.Key, c.Value, "staff:x") }()
	}
	wg.Wait()
	p, err := s.Policies(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if (errs[0] == nil) == (errs[1] == nil) || len(p.agree()) > 0 {
		t.Errorf("errors %v; a hold of %d warns %d before", errs, p.HoldMinutesSameDay, p.HoldWarnBeforeMinutes)
	}
}

// The price list is in one currency: the salon's (D13).
func TestCurrencyRestatesThePriceList(t *testing.T) {
	t.Parallel()
	s, ctx := open(t)
	service := models.Service{ID: models.NewID(), Code: "CUT", Category: models.Hair, Minutes: 40, PriceMinor: 2620, Currency: "EUR",
		Names: models.Text{"en": "Cut"}, Synonyms: models.Words{}, Active: true}
	if err := s.db.On(ctx).Create(&service).Error; err != nil {
		t.Fatal(err)
	}
	if err := s.Set(ctx, "salon.currency", "USD", "staff:x"); err != nil {
		t.Fatal(err)
	}
	if err := s.db.On(ctx).Take(&service, "id = ?", service.ID).Error; err != nil || service.Currency != "USD" || service.PriceMinor != 2620 {
		t.Errorf("the service costs %d %s (%v)", service.PriceMinor, service.Currency, err)
	}
	entries, err := audit.New(s.db, s.clock).Entries(ctx, audit.Query{SubjectKind: "policy", SubjectID: "salon.currency"})
	if err != nil || len(entries) != 1 || string(entries[0].Before) != `{"value": "EUR"}` {
		t.Errorf("logged is %+v (%v)", entries, err)
	}
}
