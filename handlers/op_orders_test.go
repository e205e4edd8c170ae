package handlers

import (
	"testing"

	"github.com/gofiber/fiber/v2"
)

// What checkout, orders, returns and templates answer, done and refused, fits what is described of them (R-1801).
func TestAnswersOfOrdersFitTheirSchemas(t *testing.T) {
	t.Parallel()
	s := newStocked(t)
	b, stranger := s.client(), s.client()
	fitting(b, post, "/checkout/init", "/checkout/init", `{"method":"cod"}`)
	fitting(b, post, "/checkout/init", "/checkout/init", `{"method":"shells","address":{"line1":"","city":"","country":"Nowhere"}}`)
	b.add("SERUM-50", 1)
	address := `{"name":"Noor","phone":"+447700900871","line1":"1 High Street","city":"London","country":"GB"}`
	placed := fitting(b, post, "/checkout/init", "/checkout/init", `{"method":"cod","address":`+address+`}`).json(t)
	id, _ := placed["orderId"].(string)
	if id == "" {
		t.Fatalf("no order: %v", placed)
	}
	staff := headerAdminToken + ": " + testAdmin
	fitting(b, get, "/orders/"+id, "/orders/:id", "")
	fitting(b, get, "/orders/"+id, "/orders/:id", "", staff)
	fitting(stranger, get, "/orders/"+id, "/orders/:id", "")
	fitting(stranger, get, "/orders?phone=%2B447700900871", "/orders", "")
	fitting(stranger, get, "/orders?phone=%2B447700900871", "/orders", "", staff)
	fitting(stranger, get, "/orders", "/orders", "", staff)
	fitting(stranger, post, "/orders/lookup", "/orders/lookup", `{"phone":"+447700900871","orderId":"`+id+`"}`)
	fitting(stranger, post, "/orders/lookup", "/orders/lookup", `{"phone":"+447700900872","orderId":"`+id+`"}`)
	fitting(stranger, post, "/orders/lookup", "/orders/lookup", `{}`)
	fitting(stranger, post, "/checkout/confirm", "/checkout/confirm", `{"orderId":"`+id+`"}`)
	fitting(b, post, "/checkout/confirm", "/checkout/confirm", `{"orderId":"`+id+`"}`)
	fitting(b, post, "/returns", "/returns", `{"orderId":"`+id+`","reason":"not_needed"}`)
	fitting(stranger, post, "/returns", "/returns", `{"orderId":"`+id+`"}`)
	fitting(b, post, "/returns", "/returns", `{}`)
	fitting(b, get, "/returns?orderId="+id, "/returns", "")
	fitting(b, get, "/returns", "/returns", "")
	fitting(stranger, get, "/returns?orderId="+id, "/returns", "")
	fitting(b, get, "/returns/"+id, "/returns/:id", "")
	fitting(b, post, "/orders/"+id+"/cancel", "/orders/:id/cancel", "{}")
	fitting(stranger, post, "/orders/"+id+"/cancel", "/orders/:id/cancel", "{}")
	fitting(b, post, "/checkout/confirm", "/checkout/confirm", `{"orderId":"`+id+`"}`)
	fitting(b, get, "/orders/"+id+"/events", "/orders/:id/events", "", staff)

	fitting(b, get, "/cms/templates", "/cms/templates", "")
	fitting(b, get, "/cms/templates?includeInactive=1", "/cms/templates", "")
	made := fitting(b, post, "/cms/templates", "/cms/templates", `{"key":"order_status","locale":"en","channel":"web","body":"Your order is on its way."}`, staff).json(t)
	if one, is := made["template"].(map[string]any); is {
		path := "/cms/templates/" + one["id"].(string)
		fitting(b, fiber.MethodPut, path, "/cms/templates/:id", `{"isActive":false}`, staff)
		fitting(b, fiber.MethodDelete, path, "/cms/templates/:id", "", staff)
		fitting(b, fiber.MethodDelete, path, "/cms/templates/:id", "", staff)
	}
	fitting(b, post, "/cms/templates", "/cms/templates", `{"key":"order_status","locale":"fr","channel":"web","body":"x"}`, staff)
}
