package handlers

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/booking"
	"frontdesk/internal/i18n"
	"frontdesk/internal/settings"
	"frontdesk/internal/staff"
	"frontdesk/internal/standins"
	"frontdesk/internal/thread"
	"frontdesk/models"
	"frontdesk/views/simulator"
)

const (
	handLife      = 12 * time.Hour // machine time; how long a phone stays on somebody's screen
	requestsShown = 40
	requestText   = 4000 // characters of one body
	stoppedFrom   = 2 * time.Second
)

// hand is whose phone somebody of the salon holds. It waits in Redis: a number has no place in an address.
type hand struct {
	Phone, Name, Scenario string
	Language              models.Language
}

func handKey(v Visitor) string { return "simulator:" + v.Actor() }

// handOf reads it; nil when they hold none.
func (s *Server) handOf(ctx context.Context) (*hand, error) {
	v, _ := VisitorOf(ctx)
	raw, err := s.Redis.Get(ctx, handKey(v))
	if err != nil || raw == nil {
		return nil, err
	}
	var h hand
	if json.Unmarshal(raw, &h) != nil {
		return nil, nil // written by another version
	}
	return &h, nil
}

func (s *Server) hold(ctx context.Context, h hand) error {
	v, _ := VisitorOf(ctx)
	raw, err := json.Marshal(h)
	if err != nil {
		return err
	}
	return s.Redis.Set(ctx, handKey(v), raw, handLife)
}

// scene is what the room shows, as it was read.
type scene struct {
	Hand     *hand
	Bubbles  []standins.Bubble
	State    standins.State
	Faults   []standins.Fault
	Requests []standins.Request
	Thread   *thread.Row
	Stored   map[string]bool // ids of the phone's messages that the product has
	Waiting  int
	Minute   string // of business time
	Trouble  error
}

// readScene asks the stand-ins and the product. Stand-ins that are away are part of the scene, not a failure.
func (s *Server) readScene(ctx context.Context) (scene, error) {
	out := scene{Minute: s.Clock.Now().Format("2006-01-02T15:04")}
	var err error
	if out.Hand, err = s.handOf(ctx); err != nil {
		return out, err
	}
	if out.Trouble = s.askStandIns(ctx, &out); out.Trouble != nil && !isTrouble(out.Trouble) {
		return out, out.Trouble
	}
	if out.Hand == nil || out.Trouble != nil {
		return out, nil
	}
	return out, s.askThread(ctx, &out)
}

func (s *Server) askStandIns(ctx context.Context, out *scene) (err error) {
	if out.Faults, err = s.standIns.Faults(ctx); err != nil {
		return err
	}
	if out.Requests, err = s.standIns.Requests(ctx, requestsShown); err != nil || out.Hand == nil {
		return err
	}
	if out.Bubbles, err = s.standIns.Transcript(ctx, out.Hand.Phone); err != nil {
		return err
	}
	out.State, err = s.standIns.State(ctx, out.Hand.Phone)
	return err
}

// askThread finds the conversation of the phone, which of its messages are stored and what waits to be sent.
func (s *Server) askThread(ctx context.Context, out *scene) error {
	rows, err := s.Thread.List(ctx, thread.Filter{Phone: phoneDigits(out.Hand.Phone), Limit: 5})
	if err != nil {
		return err
	}
	at := slices.IndexFunc(rows, func(r thread.Row) bool { return r.Contact.Address == out.Hand.Phone })
	if at < 0 {
		return nil
	}
	out.Thread, out.Stored = &rows[at], map[string]bool{}
	messages, err := s.Thread.Transcript(ctx, rows[at].Conversation.ID, 0, threadPage)
	for _, m := range messages {
		switch {
		case m.ProviderID != nil:
			out.Stored[*m.ProviderID] = true
		case m.Status == models.Queued || m.Status == models.Sending:
			out.Waiting++
		}
	}
	return err
}

// pulse changes whenever the page would.
func (sc scene) pulse() (string, error) {
	trouble := ""
	if sc.Trouble != nil {
		trouble = sc.Trouble.Error()
	}
	sc.Trouble = nil
	raw, err := json.Marshal([]any{sc, trouble})
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:8]), err
}

// simulatorPulse lets an open page ask whether it is still true, which costs less than the page.
func (s *Server) simulatorPulse(c *fiber.Ctx) error {
	sc, err := s.readScene(c.UserContext())
	if err != nil {
		return err
	}
	pulse, err := sc.pulse()
	if err != nil {
		return err
	}
	private(c)
	return c.JSON(fiber.Map{"pulse": pulse})
}

func simulatorScreen(title string) screen {
	return screen{title: title, room: staff.Simulator, wide: true}
}

func (s *Server) simulator(c *fiber.Ctx) error {
	page, err := s.simulatorPage(c)
	if err != nil {
		return err
	}
	return s.page(c, simulatorScreen("simulator.room.title"), simulator.Content(page))
}

func (s *Server) simulatorPage(c *fiber.Ctx) (simulator.Page, error) {
	ctx := c.UserContext()
	sc, err := s.readScene(ctx)
	if err != nil {
		return simulator.Page{}, err
	}
	policies, err := s.Policies.Policies(ctx)
	if err != nil {
		return simulator.Page{}, err
	}
	menu, err := s.Diary.Menu(ctx)
	if err != nil {
		return simulator.Page{}, err
	}
	pulse, err := sc.pulse()
	if err != nil {
		return simulator.Page{}, err
	}
	d := sceneDrawer{ctx: ctx, server: s, scene: sc, zone: policies.Zone(), policies: policies, menu: menu}
	return simulator.Page{
		Trouble: s.troubleWords(ctx, sc.Trouble), Phone: d.phone(), Salon: policies.SalonName.In(i18n.From(ctx).Language), Clock: d.clock(),
		Faults: d.faults(), Requests: d.requests(), State: d.state(), CSRF: csrf(c), Pulse: pulse,
	}, nil
}

// troubleWords say why nothing can be played.
func (s *Server) troubleWords(ctx context.Context, err error) string {
	var refusal *standins.Refusal
	switch {
	case err == nil:
		return ""
	case s.set.SimURL == "":
		return i18n.T(ctx, "simulator.room.none")
	case errors.As(err, &refusal):
		return i18n.T(ctx, "simulator.room.refused", "Words", refusal.Words)
	default:
		return i18n.T(ctx, "simulator.room.away")
	}
}

// sceneDrawer writes a scene as the page draws it.
type sceneDrawer struct {
	ctx      context.Context
	server   *Server
	scene    scene
	zone     *time.Location
	policies settings.Policies
	menu     booking.Menu
}

func (d sceneDrawer) clock() simulator.Clock {
	now, machine := d.server.Clock.Now(), d.server.Clock.Machine()
	return simulator.Clock{Now: now.In(d.zone), Zone: d.zone.String(), Stopped: machine.Sub(now).Abs() > stoppedFrom}
}

func (d sceneDrawer) faults() []simulator.Fault {
	var out []simulator.Fault
	for _, f := range d.scene.Faults {
		one := simulator.Fault{Service: f.Service, Mode: f.Mode}
		if f.Until != nil {
			one.Until = f.Until.In(d.zone)
		}
		out = append(out, one)
	}
	return out
}

func (d sceneDrawer) requests() []simulator.Request {
	out := make([]simulator.Request, 0, len(d.scene.Requests))
	for _, r := range d.scene.Requests {
		body := ""
		if string(r.Body) != "null" {
			body = indented(r.Body)
		}
		out = append(out, simulator.Request{
			ID: strconv.FormatInt(r.At.UnixNano(), 36), At: r.At.In(d.zone), Service: r.Service, What: r.Method + " " + called(r.Path), Status: r.Status, Body: clip(body, requestText),
		})
	}
	return out
}

// called is what a path asks for, without the service, the version and ids: "checkout/sessions".
func called(path string) string {
	path, _, _ = strings.Cut(path, "?")
	parts := strings.Split(strings.Trim(path, "/"), "/")
	words := slices.DeleteFunc(parts[min(2, len(parts)):], func(part string) bool { return strings.ContainsAny(part, "0123456789") })
	return strings.Join(words, "/")
}

func indented(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text // a form, as Stripe takes it
	}
	var out bytes.Buffer
	if json.Indent(&out, raw, "", "  ") != nil {
		return string(raw)
	}
	return out.String()
}

func (d sceneDrawer) phone() *simulator.Phone {
	h := d.scene.Hand
	if h == nil {
		return nil
	}
	out := &simulator.Phone{Hand: simulator.Hand{Number: h.Phone, Name: h.Name, Scenario: h.Scenario, Language: h.Language}}
	for _, b := range d.scene.Bubbles {
		if b.URL != "" && simulator.Payment(b.URL) {
			out.PayURL = b.URL
		}
	}
	last := time.Time{}
	for _, b := range d.scene.Bubbles {
		one := d.bubble(b)
		one.Payable = one.URL != "" && one.URL == out.PayURL
		if day := midnight(one.At); !day.Equal(last) {
			last = day
			out.Days = append(out.Days, simulator.Day{Label: i18n.Day(i18n.From(d.ctx).Language, day)})
		}
		today := &out.Days[len(out.Days)-1]
		today.Bubbles = append(today.Bubbles, one)
	}
	if h.Scenario != "" && len(d.scene.Bubbles) == 0 && d.scene.Trouble == nil {
		out.Offer = d.server.Texts.Text(h.Language, "simulator.opening."+h.Scenario, nil)
	}
	return out
}

func (d sceneDrawer) bubble(b standins.Bubble) simulator.Bubble {
	out := simulator.Bubble{
		ID: b.ID, Mine: b.Direction == string(models.In), Kind: b.Type, Text: b.Text, Footer: b.Footer, At: b.At.In(d.zone), URL: b.URL, Template: b.Template,
		Tick: simulator.TickSent, Buttons: shownOptions(b.Buttons), Rows: shownOptions(b.Rows),
	}
	if d.scene.Stored[b.ID] {
		out.Tick = simulator.TickArrived
	}
	return out
}

func shownOptions(list []standins.Option) []models.Option {
	out := make([]models.Option, 0, len(list))
	for _, o := range list {
		out = append(out, models.Option(o))
	}
	return out
}
