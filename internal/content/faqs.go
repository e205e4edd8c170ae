package content

import "frontdesk/models"

// Keys of the seeded FAQs.
const (
	FAQHours        = "hours"
	FAQParking      = "parking"
	FAQAddress      = "address"
	FAQCancellation = "cancellation"
	FAQPayment      = "payment"
)

func (l *Library) seedFAQs() []models.FAQ { return nil }
