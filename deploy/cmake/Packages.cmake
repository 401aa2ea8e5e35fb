# Debian packages, one imported target per library. deploy/setup.sh installs them.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
if(DOCKLINE_FLAVOUR STREQUAL "sim")
  set(Boost_USE_STATIC_LIBS ON)
endif()
find_package(Boost 1.81 REQUIRED COMPONENTS json url)
find_package(OpenSSL REQUIRED)
find_package(CURL REQUIRED)
find_package(date REQUIRED)  # time zones: GCC 12 has none
find_package(spdlog REQUIRED)
find_package(PahoMqttCpp QUIET)
pkg_check_modules(sqlite3 REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(serialport REQUIRED IMPORTED_TARGET libserialport)
pkg_check_modules(zstd REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(tomlplusplus REQUIRED tomlplusplus)
pkg_check_modules(alsa REQUIRED alsa)  # its header; agent/panel/speaker.cpp loads the library
if(DOCKLINE_FLAVOUR STREQUAL "sim")
  # The same package's archive: a tenth of the simulator's time are calls into SQLite.
  find_library(SQLITE_ARCHIVE libsqlite3.a REQUIRED)
  set_target_properties(PkgConfig::sqlite3 PROPERTIES
    INTERFACE_LINK_LIBRARIES "${SQLITE_ARCHIVE};Threads::Threads;${CMAKE_DL_LIBS};m")
endif()

add_library(third_paho INTERFACE)
target_link_libraries(third_paho INTERFACE paho-mqttpp3 paho-mqtt3as)
# Of these a program needs a little: compiled in they take less than a library beside it.
add_library(third_log INTERFACE)
target_link_libraries(third_log INTERFACE Threads::Threads)
target_compile_definitions(third_log INTERFACE SPDLOG_FMT_EXTERNAL FMT_HEADER_ONLY)
add_library(third_toml INTERFACE)
target_include_directories(third_toml SYSTEM INTERFACE ${tomlplusplus_INCLUDE_DIRS})
target_compile_definitions(third_toml INTERFACE TOML_HEADER_ONLY=1)
add_library(third_csv INTERFACE)
target_link_libraries(third_csv INTERFACE csv)

if(DOCKLINE_TESTS)
  find_package(GTest REQUIRED)
  find_package(benchmark REQUIRED)
endif()
