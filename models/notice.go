package models

import "time"

// Channels of notices to the salon's own people, beside WhatsApp and the console. Log reaches nobody: it
// is a masked line for whoever reads the program's log.
const (
	ChannelSMS  Channel = "sms"
	ChannelMail Channel = "mail"
	ChannelLog  Channel = "log"
)

// NoticeChannels are the channels a notice may be tried on, in the salon's usual order.
func NoticeChannels() []Channel { return []Channel{ChannelWhatsApp, ChannelMail, ChannelSMS} }

// DeliveryState is where a notice stands on one channel.
type DeliveryState string

// States. A skipped channel was never asked: it is switched off, not set up, or has no approved words.
const (
	DeliveryQueued    DeliveryState = "queued"
	DeliverySending   DeliveryState = "sending"
	DeliverySent      DeliveryState = "sent"
	DeliveryDelivered DeliveryState = "delivered"
	DeliveryFailed    DeliveryState = "failed"
	DeliverySkipped   DeliveryState = "skipped"
	DeliveryLogged    DeliveryState = "logged"
)

// NoticeDelivery is the record of a notice on one channel.
type NoticeDelivery struct {
	ID           ID `gorm:"primaryKey"`
	NoticeID     ID
	StaffID      *ID // of a notice to everyone on duty: whom; else the notice's stylist
	Channel      Channel
	Status       DeliveryState
	Code         string // why it failed or was skipped, or the class of the last try's failure
	ProviderID   string
	Words        string // of an SMS on its way, which may have to be said again as it was; empty once that is settled
	MessageID    *ID    // the WhatsApp message that carries it
	Attempts     int
	JobID        *int64
	SendingSince *time.Time // machine time
	RetryAt      *time.Time // machine time
	AskAt        *time.Time // when to see what became of it
	CreatedAt    time.Time
	SentAt       *time.Time
	DeliveredAt  *time.Time
	FailedAt     *time.Time
}

// Took tells whether the channel has the notice.
func (d NoticeDelivery) Took() bool { return d.Status == DeliverySent || d.Status == DeliveryDelivered }
