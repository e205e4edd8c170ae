package handlers

import (
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"frontdesk/internal/funnel"
	"frontdesk/internal/i18n"
)

// headerTestData marks what a script does as its own test: it is kept and counts in no figure.
const headerTestData = "X-Test-Data"

// eventRoutes take what the shop's pages tell of themselves.
func (s *Server) eventRoutes() []Route {
	refused := fails{400: {"validation"}, 503: {"unavailable"}}
	return []Route{
		operation(s, Route{post, "/events", shopper(), nil, "What the shop's own pages tell of themselves: which was looked at, and where a chat was chosen; nothing about a person"}, 202, refused, s.recordView),
	}
}

type viewIn struct {
	Body struct {
		_     struct{} `additionalProperties:"false"`
		Kind  string   `json:"kind" enum:"view_list,view_product,view_cart,click_whatsapp_handoff,handoff_opened" example:"view_product"`
		Visit string   `json:"visit,omitempty" format:"uuid" maxLength:"36" example:"6f1c2f0e-8f8e-4a55-9d0e-2d6f6a1b9c11" doc:"Made up by the page for as long as its window is open; it is not stored"`
		Place string   `json:"place,omitempty" enum:"home,list,product,cart,checkout,order,returns,support,handoff,other" example:"product" doc:"Of a click: where it was"`
	}
}

// recordView keeps what a page tells. Whoever could not be written down is not told: the page has nothing to do about it
// but an error has.
func (s *Server) recordView(c *fiber.Ctx, in *viewIn) (*doneOut, error) {
	e := funnel.Event{
		Kind: funnel.Kind(in.Body.Kind), Channel: funnel.Web, Language: i18n.From(c.UserContext()).Language, Place: in.Body.Place,
	}
	if id, err := uuid.Parse(in.Body.Visit); err == nil {
		e.Visit = id
	}
	if err := s.Funnel.Record(c.UserContext(), e); err != nil {
		return nil, err
	}
	out := &doneOut{}
	out.Body.OK = true
	return out, nil
}
