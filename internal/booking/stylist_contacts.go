package booking

import (
	"net/mail"
	"slices"
	"strings"
	"unicode"

	"frontdesk/internal/customers"
	"frontdesk/models"
)

// reached tidies where a stylist's notices go, and says what is wrong with it.
func (e *StylistEdit) reached(w wrongs) {
	if e.Email = strings.TrimSpace(e.Email); e.Email != "" {
		if a, err := mail.ParseAddress(e.Email); err != nil || a.Address != e.Email {
			w.say("email", "email")
		}
	}
	if e.SMSPhone = strings.TrimSpace(e.SMSPhone); e.SMSPhone != "" {
		phone, err := customers.Normalize(e.SMSPhone)
		if err != nil {
			w.say("sms_phone", "phone")
		}
		e.SMSPhone = phone
	}
	if e.CalendarID = strings.ToLower(strings.TrimSpace(e.CalendarID)); len(e.CalendarID) > maxCalendarID || strings.ContainsFunc(e.CalendarID, unfitForID) {
		w.say("calendar", "calendar")
	}
	for i, c := range e.Channels {
		if !slices.Contains(models.NoticeChannels(), models.Channel(c)) || slices.Contains(e.Channels[:i], c) {
			w.say("channels", "channels")
		}
	}
	if len(e.Channels) > 0 && !slices.ContainsFunc(e.Channels, e.leads) {
		w.say("channels", "unreachable")
	}
}

// leads tells whether a channel has an address to go to.
func (e StylistEdit) leads(channel string) bool {
	switch models.Channel(channel) {
	case models.ChannelMail:
		return e.Email != ""
	case models.ChannelSMS:
		return e.SMSPhone != "" || e.Phone != ""
	default:
		return e.Phone != ""
	}
}

// contacts names those of them that differ.
func (e StylistEdit) contacts(s models.Stylist) (fields []string) {
	if e.Email != s.Email {
		fields = append(fields, "email")
	}
	if e.SMSPhone != s.SMSPhone {
		fields = append(fields, "sms_phone")
	}
	if e.CalendarID != s.CalendarID {
		fields = append(fields, "calendar")
	}
	if !slices.Equal(e.Channels, s.Channels) {
		fields = append(fields, "channels")
	}
	return fields
}

// maxCalendarID bounds the id of a calendar outside.
const maxCalendarID = 254

// unfitForID tells what no provider's ids are made of: spaces, controls, slashes.
func unfitForID(r rune) bool { return r <= ' ' || r == 0x7f || r == '/' || r > unicode.MaxLatin1 }
