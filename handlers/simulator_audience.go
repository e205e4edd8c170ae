package handlers

import (
	"context"
	"slices"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/standins"
	"frontdesk/internal/thread"
	"frontdesk/models"
	"frontdesk/views/simulator"
)

// heard is how many of a customer's last messages the theatre shows.
const heard = 4

// listener is one of the three customers who sit in the theatre.
type listener struct {
	Language models.Language
	Phone    string
	Name     string // of the profile
	Surname  string
	Bubbles  []standins.Bubble // the last ones
	Stage    string            // what they were asked last
	PayURL   string            // the newest payment link on their phone
}

// audience are three customers of the demo, one for each language.
func audience() []listener {
	return []listener{
		{Language: models.English, Phone: "+447700900171", Name: "Amy", Surname: "Walker"},
		{Language: models.Spanish, Phone: "+447700900172", Name: "Lucía", Surname: "Romero"},
		{Language: models.Arabic, Phone: "+447700900173", Name: "ريم", Surname: "المنصوري"},
	}
}

// readAudience looks at the three phones.
func (s *Server) readAudience(ctx context.Context) ([]listener, error) {
	out := audience()
	for i := range out {
		l := &out[i]
		bubbles, err := s.standIns.Transcript(ctx, l.Phone)
		if err != nil {
			return nil, err
		}
		for _, b := range bubbles {
			if b.URL != "" && simulator.Payment(b.URL) {
				l.PayURL = b.URL
			}
		}
		l.Bubbles = bubbles[max(0, len(bubbles)-heard):]
		rows, err := s.Thread.List(ctx, thread.Filter{Phone: phoneDigits(l.Phone), Limit: 2})
		if err != nil {
			return nil, err
		}
		if at := slices.IndexFunc(rows, func(r thread.Row) bool { return r.Contact.Address == l.Phone }); at >= 0 {
			l.Stage = stageOf(rows[at].Conversation)
		}
	}
	return out, nil
}

// lines are what the three do next, in words or taps: a question, or the next step of a booking, whatever they
// are asked. It is found before a service breaks, because the product may be out of reach afterwards.
func (s *Server) lines(ctx context.Context, act string) ([]standins.Say, error) {
	if act == simulator.Silent {
		return nil, nil
	}
	people := audience()
	if act == simulator.Books {
		var err error
		if people, err = s.readAudience(ctx); err != nil {
			return nil, err
		}
	}
	out := make([]standins.Say, 0, len(people))
	for _, l := range people {
		if act == simulator.Books && l.Stage == "paying" {
			continue // the next step is to pay
		}
		said := standins.Say{From: l.Phone, Name: l.Name, Text: s.Texts.Text(l.Language, "simulator.theatre.question", nil)}
		if act == simulator.Books {
			said.Text, said.Button, said.Row = l.next(s.Texts.Text(l.Language, "simulator.theatre.opening", nil))
		}
		out = append(out, said)
	}
	return out, nil
}

// next is how somebody goes on who takes the first of whatever is offered.
func (l listener) next(opening string) (text, button, row string) {
	if len(l.Bubbles) > 0 {
		last := l.Bubbles[len(l.Bubbles)-1]
		switch {
		case len(last.Buttons) > 0:
			return "", last.Buttons[0].ID, ""
		case len(last.Rows) > 0:
			return "", "", last.Rows[0].ID
		}
	}
	switch l.Stage {
	case "name":
		return l.Name, "", ""
	case "surname":
		return l.Surname, "", ""
	default:
		return opening, "", ""
	}
}

// perform lets the three say their lines and waits for no answer.
func (s *Server) perform(ctx context.Context, lines []standins.Say) error {
	for _, said := range lines {
		if err := s.standIns.Tell(ctx, said); err != nil {
			return err
		}
	}
	return nil
}

// playAudience lets the three ask, book on or pay.
func (s *Server) playAudience(c *fiber.Ctx) error {
	defer patiently(c)()
	ctx := c.UserContext()
	f := s.form(c, "simulator.field")
	act := f.Choice("audience", simulator.Asks, simulator.Books, simulator.Pays)
	if f.Valid() {
		err := s.letAudience(ctx, f, act)
		if err == nil && f.Valid() {
			return s.acted(c, acted{To: simulator.TheatreURL, Toast: "simulator.theatre.said"})
		}
		if err := s.notPlayed(c, f, err); err != nil {
			return err
		}
	}
	return s.formPage(c, simulatorScreen("simulator.refused.title"), f, simulator.Refused(f.Shown()))
}

func (s *Server) letAudience(ctx context.Context, f *form, act string) error {
	if act == simulator.Pays {
		return s.audiencePays(ctx, f)
	}
	lines, err := s.lines(ctx, act)
	if err != nil {
		return err
	}
	return s.perform(ctx, lines)
}

// audiencePays pays the newest link of everybody who has one.
func (s *Server) audiencePays(ctx context.Context, f *form) error {
	people, err := s.readAudience(ctx)
	if err != nil {
		return err
	}
	paid := 0
	for _, l := range people {
		if l.PayURL == "" {
			continue
		}
		if err := s.standIns.Pay(ctx, l.PayURL, "paid"); err != nil {
			return err
		}
		paid++
	}
	if paid == 0 {
		f.Wrong("", "simulator.theatre.no_link")
	}
	return nil
}

// listener is one of the three as the page shows them.
func (d sceneDrawer) listener(l listener) simulator.Listener {
	out := simulator.Listener{Language: l.Language, Number: l.Phone, Name: l.Name, Pays: l.PayURL != ""}
	for _, b := range l.Bubbles {
		out.Bubbles = append(out.Bubbles, d.bubble(b))
	}
	return out
}
