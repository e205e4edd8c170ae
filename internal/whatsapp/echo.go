package whatsapp

import (
	"encoding/json"
	"strconv"
	"time"

	"frontdesk/models"
)

// fieldEchoes is the field under which Meta tells what a person wrote from the business's own phone, where
// the number is used by both ("coexistence").
const fieldEchoes = "smb_message_echoes"

// echoEvent is a message that a person of the salon wrote. An edit, a deletion and what names nobody is
// only recorded.
func echoEvent(raw json.RawMessage) Event {
	var m message
	_ = json.Unmarshal(raw, &m) // a part of an unexpected type leaves the rest readable
	to := Address(m.To, m.ToUserID)
	if !usable(m.ID) || to == "" || wordless(m.Type) || m.Type == "edit" {
		return other("", raw)
	}
	return Event{m.ID, models.EventEcho, to, pack(models.Echo{
		Channel: models.ChannelWhatsApp, To: to, ProviderID: m.ID, Content: content(m, raw), At: moment(m.Timestamp), Raw: raw,
	})}
}

// moment reads a timestamp; zero when it is none. Meta repeats what we could not take for days (W5): when it
// was written is not when it comes.
func moment(timestamp string) time.Time {
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil || seconds <= 0 || seconds > 1<<33 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}
