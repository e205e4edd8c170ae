package handoff

import (
	"time"

	"frontdesk/models"
)

// Line is one message as a case quotes it (models.Case.LastMessages).
type Line struct {
	At   time.Time           `json:"at"`
	From models.MessageClass `json:"from"` // "inbound": the customer; else what the product or staff said
	Text string              `json:"text"`
}

func quote(messages []models.Message) []Line {
	lines := make([]Line, 0, len(messages))
	for _, m := range messages {
		if m.Class != models.ClassNotice {
			lines = append(lines, Line{At: m.CreatedAt, From: m.Class, Text: words(m.Content)})
		}
	}
	return lines
}

// lastWords is what the customer said last.
func lastWords(messages []models.Message) string {
	for i := len(messages) - 1; i >= 0; i-- {
		if messages[i].Direction == models.In {
			return words(messages[i].Content)
		}
	}
	return ""
}

// words is what a message says: its text, the title of what was tapped, else its kind in brackets.
func words(c models.Content) string {
	switch {
	case c.Text != "":
		return c.Text
	case c.ReplyTitle != "":
		return c.ReplyTitle
	default:
		return "[" + string(c.Kind) + "]"
	}
}
