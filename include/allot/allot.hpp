// The whole library in one include, and the quick start:
//
//   allot::Book book;
//   book.put(allot::Order{.id = {"desk", "A"}, .side = "Buy", .quantity = allot::Quantity{30},
//                         .portfolio_id = allot::PortfolioId{"funds", "Growth"}}).value();
//   ... an order B of 70, a block of both, a placement, an execution of 40 ...
//   const auto result = allot::Engine{}.run(book, {.algorithm = "PR-FIFO"}).value();
//   for (const allot::AllocationView share : result.allocations()) {
//       std::cout << share.order_id().code << ' ' << share.quantity().to_string() << '\n';
//   }                                                                  // A 12, B 28
#pragma once

#include "allot/algorithm.hpp"
#include "allot/allocation.hpp"
#include "allot/amendment.hpp"
#include "allot/batch.hpp"
#include "allot/block.hpp"
#include "allot/book.hpp"
#include "allot/book_file.hpp"
#include "allot/correction.hpp"
#include "allot/correction_file.hpp"
#include "allot/decimal.hpp"
#include "allot/engine.hpp"
#include "allot/error.hpp"
#include "allot/execution.hpp"
#include "allot/generate.hpp"
#include "allot/history.hpp"
#include "allot/id.hpp"
#include "allot/instrument.hpp"
#include "allot/integer.hpp"
#include "allot/journal.hpp"
#include "allot/order.hpp"
#include "allot/placement.hpp"
#include "allot/portfolio.hpp"
#include "allot/price.hpp"
#include "allot/pricing.hpp"
#include "allot/property.hpp"
#include "allot/quantity.hpp"
#include "allot/registry.hpp"
#include "allot/result.hpp"
#include "allot/result_file.hpp"
#include "allot/simd.hpp"
#include "allot/split.hpp"
#include "allot/time.hpp"
#include "allot/version.hpp"
