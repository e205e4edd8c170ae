package understand_test

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"frontdesk/internal/chat/understand"
	"frontdesk/internal/chat/understand/phrases"
	"frontdesk/models"
)

// value is one entity of a message, as labelled and as read; empty when it was not said.
type value struct{ name, want, got string }

// values are the entities the rules are judged by, each apart from the intent.
func values(p phrases.Phrase, m understand.Meaning) []value {
	all := []value{
		{"services", sorted(p.Services), sorted(slices.Concat(m.Services, m.Packs))},
		{"ambiguous", choices(p.Ambiguous), choices(m.Ambiguous)},
		{"day", p.Day, dayText(m.Day)},
		{"days", strings.Join(p.Days, "…"), daysText(m.Days)},
		{"part", string(p.Part), string(m.Part)},
		{"at", p.At, clockText(m.At)},
		{"before", p.Before, clockText(m.NotAfter)},
		{"stylists", sorted(p.Stylists), sorted(m.Stylists)},
		{"not_stylists", sorted(p.NotStylists), sorted(m.NotStylists)},
		{"faqs", sorted(p.FAQs), sorted(m.FAQs)},
		{"topic", string(p.Topic), string(m.HealthTopic)},
		{"flags", sorted(p.Flags), sorted(flags(p, m))},
	}
	delay := ""
	if m.DelayMinutes != nil {
		delay = fmt.Sprint(*m.DelayMinutes)
	}
	all = append(all, value{"person", p.Person, m.Person}, value{"product", strings.ToLower(p.Product), strings.ToLower(m.Product)},
		value{"quantity", number(p.Quantity), number(m.Quantity)}, value{"order", p.Order, m.OrderNumber}, value{"delay", number(p.DelayMin), delay})
	if p.Part != understand.Evening || p.After != "" { // an evening bounds the start by itself
		all = append(all, value{"after", p.After, clockText(m.NotBefore)})
	}
	if p.Name != "" || p.Expect == understand.ExpectName {
		name := nameOf(m)
		all = append(all, value{"name", p.Name, name})
	}
	if p.Language != "" {
		all = append(all, value{"language", string(p.Language), string(m.Language)})
	}
	if p.Choice != 0 {
		all = append(all, value{"choice", fmt.Sprint(p.Choice), fmt.Sprint(m.Choice)})
	}
	return all
}

// nameOf is the name given: the customer's, or that of whom they book for.
func nameOf(m understand.Meaning) string {
	name := cmp.Or(m.Name, m.OtherName)
	if name == nil {
		return ""
	}
	return strings.TrimSpace(name.Given + " " + name.Family)
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

func sorted(list []string) string { return strings.Join(slices.Sorted(slices.Values(list)), " ") }

func choices(lists [][]string) string {
	var all []string
	for _, l := range lists {
		all = append(all, sorted(l))
	}
	return strings.Join(all, ", ")
}

func dayText(d *understand.Day) string {
	if d == nil {
		return ""
	}
	return d.String()
}

func daysText(d *understand.Days) string {
	if d == nil {
		return ""
	}
	return d.From.String() + "…" + d.To.String()
}

func clockText(n *int) string {
	if n == nil {
		return ""
	}
	return fmt.Sprintf("%02d:%02d", *n/60, *n%60)
}

// TestEntities judges each kind of entity by a split, whatever the intent. EVAL=dev or EVAL=train prints
// its misses, ENTITY=day those of one kind only.
func TestEntities(t *testing.T) {
	split := cmp.Or(os.Getenv("EVAL"), "dev")
	v := phrases.Salon()
	for _, lang := range []models.Language{models.English, models.Spanish, models.Arabic} {
		there, taken, right := map[string]int{}, map[string]int{}, map[string]int{}
		var names []string
		whole := 0
		all, err := phrases.Load(".", split, lang)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range all {
			good := true
			for _, e := range values(p, understand.Read(p.Input(lang, v))) {
				if !slices.Contains(names, e.name) {
					names = append(names, e.name)
				}
				if e.want != "" {
					there[e.name]++
				}
				if e.got != "" {
					taken[e.name]++
				}
				if e.want == e.got {
					if e.want != "" {
						right[e.name]++
					}
					continue
				}
				good = false
				if only := os.Getenv("ENTITY"); os.Getenv("EVAL") != "" && split != "test" && (only == "" || only == e.name) {
					fmt.Printf("%s:%d %s %q [%s%s%q] want %q got %q\n", lang, p.Line, e.name, p.Text, p.Intent, strings.TrimRight(" "+string(p.Expect), " "), p.Options, e.want, e.got)
				}
			}
			if good {
				whole++
			}
		}
		fmt.Printf("%s %s: all entities right %.1f %%\n", split, lang, percent(whole, len(all)))
		for _, n := range names {
			fmt.Printf("  %-13s %4d there, recall %5.1f %%, precision %5.1f %%\n", n, there[n], percent(right[n], there[n]), percent(right[n], taken[n]))
		}
	}
}
