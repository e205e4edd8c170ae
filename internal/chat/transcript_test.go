package chat

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"frontdesk/internal/handoff"
	"frontdesk/models"
)

// The transcripts are data: what a customer writes and everything the salon answers, compared whole.
// A line begins with
//
//	#  a remark
//	!  the world: now, profile, returning, free, policy, open a salon and act on it; staff act on a visit
//	<  the customer writes; in brackets, they tap
//	>  the salon answers (buttons in brackets, a list after its label)
//	=  what is stored about the customer
//
// go test -run Transcripts -update writes the answers down anew; read the difference before keeping it.
var update = flag.Bool("update", false, "write the transcripts' answers anew")

func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var out strings.Builder
			if *update {
				defer func() { // also when the conversation broke off
					if err := os.WriteFile(file, []byte(out.String()), 0o644); err != nil {
						t.Error(err)
					}
				}()
			}
			play(t, string(raw), &out)
			if got := out.String(); !*update && got != string(raw) {
				t.Errorf("the conversation went differently:\n%s", difference(string(raw), got))
			}
		})
	}
}

// play runs a transcript's own lines and writes down what came back.
func play(t *testing.T, script string, out *strings.Builder) {
	t.Helper()
	var s *house
	for _, line := range strings.Split(strings.TrimRight(script, "\n"), "\n") {
		mark, rest, _ := strings.Cut(line, " ")
		switch mark {
		case "#":
			out.WriteString(line + "\n")
		case "!":
			out.WriteString(line + "\n")
			s = act(t, s, rest)
			if s.sent > 0 {
				out.WriteString(s.heard())
			}
		case "<":
			out.WriteString(line + "\n")
			s.writes(rest)
			out.WriteString(s.heard())
		case "=":
			if !strings.HasSuffix(out.String(), "\n"+s.state()) {
				out.WriteString(s.state())
			}
		}
	}
}

// act does what a "!" line says.
func act(t *testing.T, s *house, order string) *house {
	t.Helper()
	verb, rest, _ := strings.Cut(order, " ")
	words := strings.Fields(rest)
	switch verb {
	case "now":
		return openHouse(t, rest)
	case "profile":
		s.profile = rest
	case "returning":
		s.returning(words[0], strings.TrimPrefix(words[1], "-"), words[2])
	case "free":
		s.free(strings.Split(rest, "; ")...)
	case "nopack":
		s.must(s.DB.On(s.ctx).Exec("UPDATE packs SET active = false").Error)
	case "policy":
		s.must(s.Settings.Set(s.ctx, words[0], words[1] == "true", "test"))
	case "pay":
		s.pays(rest == "first")
	case "at":
		s.hand.Set(s.at(rest))
		s.sweeps()
	case "later":
		s.hand.Set(s.at(rest)) // no sweep has come by yet
	case "rival":
		s.rival(words[0], words[1]+" "+words[2], words[3])
	case "staff":
		s.staff(words)
	case "shop":
		s.stocked()
	case "stock", "price":
		s.product(strings.Fields(order))
	case "order":
		s.sold(rest)
	case "resolve":
		cases, err := s.Desk.OpenCases(s.ctx)
		s.must(err)
		for _, c := range cases {
			s.must(s.Desk.Resolve(s.ctx, handoff.Resolution{CaseID: c.ID, StaffID: s.colleague(), Label: models.LabelNeeded}))
		}
	case "again":
		s.hears("wamid.1", s.transcript()[0].Content) // the channel delivers the first message anew
		s.drain()
	default:
		t.Fatalf("transcript: no order %q", verb)
	}
	return s
}

// difference shows the first lines where two texts part.
func difference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := 0; i < len(w) || i < len(g); i++ {
		a, b := lineAt(w, i), lineAt(g, i)
		if a != b {
			from := max(0, i-3)
			return "want:\n" + strings.Join(w[min(from, len(w)):min(i+8, len(w))], "\n") +
				"\n\ngot:\n" + strings.Join(g[min(from, len(g)):min(i+8, len(g))], "\n")
		}
	}
	return ""
}

func lineAt(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "(end)"
}
