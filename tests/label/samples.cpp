// Writes labels made by our code, and beside each the list of what foreign decoders must find.
// usage: label_samples FOLDER
#include <filesystem>
#include <fstream>
#include <iostream>

#include "agent/labels/label.hpp"

namespace {

using dockline::agent::labels::LabelDocument;

LabelDocument plain(int n) {
  const auto number = std::to_string(1000 + n);
  LabelDocument d;
  d.order_number = "VN-" + number;
  d.sender = "Dockline Leipzig";
  d.ship_to.name = "Maria Muster";
  d.ship_to.street1 = "Lange Strasse 7";
  d.ship_to.postal_code = "10115";
  d.ship_to.city = "Berlin";
  d.ship_to.country = "DE";
  d.label = {"DL000000" + number, "340123450000000123", "House", "Standard"};
  d.pieces = {{"FILTER-01", "paper filter size 01, brown", 2},
              {"KETTLE-GN", "gooseneck kettle", 1}};
  return d;
}

struct Sample {
  const char* name;
  LabelDocument document;
  std::vector<std::string> must_show;  // beyond order, tracking and SSCC
};

std::vector<Sample> samples() {
  std::vector<Sample> out;
  out.push_back({"plain", plain(1), {"~MARIA", "=3"}});
  out.back().document.ship_to.name = "MARIA MUSTER";

  out.push_back({"copy", plain(2), {"~COPY 1", "=3"}});
  out.back().document.attempt = 2;

  auto hostile = plain(3);
  hostile.order_number = "A^XZ~JA_5E";
  hostile.ship_to.name = "Bobby ^XZ^XA~JA _5E {{sscc}} \\& Tables";
  hostile.ship_to.company = std::string("^FS^FO0,0^GB812,1218,1218^FS");
  hostile.sender = "~DGR:X";
  hostile.label.service = "^PQ99";
  hostile.pieces[0].title = "mug ^XZ ~HS";
  out.push_back({"hostile", hostile, {"=3"}});

  auto bracket = plain(6);
  bracket.order_number = "A>8B";  // no barcode for it: '>' means something to printers
  out.push_back({"bracket", bracket, {"=2"}});

  auto longest = plain(4);
  longest.order_number = "ORDER-2026-11-21-LEIPZIG-0004";
  longest.label.tracking = "TRACK-ABCDEFGHIJKLMNOPQR-0004";
  longest.ship_to.name = std::string(200, 'W');
  longest.ship_to.street1 = "Donaudampfschifffahrtselektrizit\xc3\xa4tenhauptbetriebswerkbauweg 1";
  longest.ship_to.street2 =
      "\xe6\x9d\xb1\xe4\xba\xac\xe9\x83\xbd \xf0\x9f\x93\xa6 bad \xff\xfe bytes";
  longest.pieces.assign(40, {"SKU-WITH-A-LONG-NAME", std::string(300, 'x'), 3});
  out.push_back({"longest", longest, {"=3"}});

  auto digits = plain(5);
  digits.order_number = "7";
  digits.label.tracking = "00340434161094042557";
  digits.label.sscc = "340123450000000994";
  out.push_back({"digits", digits, {"=3"}});
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: label_samples FOLDER\n";
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  std::filesystem::create_directories(folder);
  for (const auto& sample : samples()) {
    const auto zpl = dockline::agent::labels::to_zpl(sample.document);
    if (!zpl) {
      std::cerr << sample.name << ": " << zpl.error().detail << "\n";
      return 1;
    }
    std::ofstream(folder / (std::string(sample.name) + ".zpl")) << *zpl;
    std::ofstream want(folder / (std::string(sample.name) + ".want"));
    if (sample.document.order_number.find('>') == std::string::npos) {
      want << sample.document.order_number << "\n";
    }
    want << sample.document.label.tracking << "\n"
         << "00" << sample.document.label.sscc << "\n"
         << "]C100" << sample.document.label.sscc << "\n";
    for (const auto& more : sample.must_show) {
      want << more << "\n";
    }
  }
  return 0;
}
