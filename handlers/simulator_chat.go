package handlers

import (
	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/standins"
	"frontdesk/static"
	"frontdesk/views/simulator"
)

// longestWords is the longest text a phone sends.
const longestWords = 4096

// simulatorSay writes, taps or sends a picture as the customer whose phone is held.
func (s *Server) simulatorSay(c *fiber.Ctx) error {
	ctx := c.UserContext()
	f := s.form(c, "simulator.field")
	said := standins.Say{Text: f.OptionalLong("text", longestWords), Button: f.OptionalText("button", 256), Row: f.OptionalText("row", 256)}
	if f.Checked("picture") {
		said.Media, said.Text = samplePicture(said.Text), ""
	}
	h, err := s.handOf(ctx)
	if err != nil {
		return err
	}
	switch {
	case h == nil:
		f.Wrong("", "simulator.room.no_phone")
	case said.Text == "" && said.Button == "" && said.Row == "" && said.Media == nil:
		f.Wrong("text", "simulator.room.no_words")
	default:
		said.From, said.Name = h.Phone, h.Name
	}
	if f.Valid() {
		if err = s.standIns.Say(ctx, said); err == nil {
			return s.played(c)
		}
	}
	return s.notSaid(c, f, h, err)
}

func samplePicture(caption string) *standins.Media {
	picture, _ := static.Find(static.URL("sample.jpg")) // compiled in
	return &standins.Media{Type: "image", Mime: "image/jpeg", Caption: caption, Body: picture.Body}
}

// played follows what a customer did: the page fetches itself. The composer is left alone, because the next
// words may stand in it already.
func (s *Server) played(c *fiber.Ctx) error {
	private(c)
	switch {
	case wantsJSON(c):
		return c.JSON(fiber.Map{"ok": true})
	case !wantsFragment(c):
		return c.Redirect(simulator.URL+"#sim-text", fiber.StatusSeeOther)
	}
	c.Set("HX-Reswap", "none")
	c.Set("HX-Trigger", "acted")
	return c.SendStatus(fiber.StatusOK)
}

func fromComposer(c *fiber.Ctx) bool { return c.Get("HX-Target") == "sim-composer" }

// notSaid shows why nothing was said, with the words as typed: in the composer, on the room's page without a
// script, or alone for a tap.
func (s *Server) notSaid(c *fiber.Ctx, f *form, h *hand, cause error) error {
	if !fromComposer(c) || h == nil {
		return s.refusedPlay(c, f, cause)
	}
	if err := s.notPlayed(c, f, cause); err != nil {
		return err
	}
	private(c)
	again := simulator.Phone{Hand: simulator.Hand{Number: h.Phone, Language: h.Language}, Form: f.Shown()}
	return send(c, fiber.StatusUnprocessableEntity, simulator.Composer(again, csrf(c)))
}

// refusedPlay says why something was not played: to a script in a dialog, else on the room's page, where what
// was typed still stands.
func (s *Server) refusedPlay(c *fiber.Ctx, f *form, cause error) error {
	if err := s.notPlayed(c, f, cause); err != nil {
		return err
	}
	sc := simulatorScreen("simulator.refused.title")
	if wantsFragment(c) || wantsJSON(c) {
		return s.formPage(c, sc, f, simulator.Refused(f.Shown()))
	}
	page, err := s.simulatorPage(c)
	if err != nil {
		return err
	}
	if page.Phone == nil {
		return s.formPage(c, sc, f, simulator.Refused(f.Shown()))
	}
	page.Phone.Form = f.Shown()
	return s.pageWith(c, fiber.StatusUnprocessableEntity, simulatorScreen("simulator.room.title"), simulator.Content(page))
}

// simulatorPay plays what becomes of a payment link on the phone.
func (s *Server) simulatorPay(c *fiber.Ctx) error {
	f := s.form(c, "simulator.field")
	link, outcome := f.Text("link", 2048), f.Choice("outcome", "paid", "declined", "expired")
	if !f.Valid() {
		return f.fault()
	}
	err := s.standIns.Pay(c.UserContext(), link, outcome)
	if err == nil {
		return s.played(c)
	}
	return s.refusedPlay(c, f, err)
}
