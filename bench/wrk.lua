-- What wrk asks: the same over and over, or each time for somebody else. Behind "--" stand the method, the body,
-- how many products there are, and the number of the first visitor where each request is another visitor's.
-- In the body PRODUCT stands for the id of a product.
local method, body, products, visitor, fixed

function init(args)
  method, body, products, visitor = args[1], args[2], tonumber(args[3]), tonumber(args[4])
  wrk.headers["Accept"] = "application/json"
  if body ~= "" then wrk.headers["Content-Type"] = "application/json" end
  if not visitor then fixed = wrk.format(method, nil, nil, body ~= "" and body or nil) end
end

function request()
  if fixed then return fixed end
  wrk.headers["X-Session-Token"] = string.format("%043d", visitor)
  local said = string.gsub(body, "PRODUCT", string.format("00000014-0000-7000-8000-%012x", 1 + visitor % products))
  visitor = visitor + 1
  return wrk.format(method, nil, nil, said)
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format("measured %d %d %d %d %d\n", summary.requests, summary.duration,
    e.status + e.connect + e.read + e.write + e.timeout, latency:percentile(50), latency:percentile(95)))
end
