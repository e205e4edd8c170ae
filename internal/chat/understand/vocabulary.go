package understand

import "frontdesk/models"

// Vocabulary is what the salon has names for today.
type Vocabulary struct {
	Services []Service
	Packs    []Pack
	Stylists []Stylist
	FAQs     []FAQ
	Shelves  []Shelf // the categories of the shop

	book *wordbook // nil: made anew for every reading
}

// Learned is the vocabulary with its words cut and looked up, which costs more than to read a message.
// What it was made of must not change afterwards. Safe for concurrent reading.
func (v Vocabulary) Learned() Vocabulary {
	book := open(v)
	v.book = &book
	return v
}

func (v Vocabulary) words() wordbook {
	if v.book != nil {
		return *v.book
	}
	return open(v)
}

// Service is a service by the words people use for it. The same synonym on two services makes it
// ambiguous: the customer is asked which.
type Service struct {
	Code     string
	Category models.Category
	// Minutes tells two services of one name apart ("the one-hour massage"); zero: unknown.
	Minutes  int
	Names    models.Text
	Synonyms models.Words
}

// Pack is a pack by its names.
type Pack struct {
	Code     string
	Names    models.Text
	Services []string // codes
}

// Stylist is a person by the names customers write, in any script.
type Stylist struct {
	ID    models.ID
	Code  string
	Names models.Text
}

// FAQ is a question the salon has an answer for. Hours, parking, address, cancellation and payment
// are also known by built-in wordings.
type FAQ struct {
	Key     string
	Phrases models.Words
}
